/** What the panel shows while it has nothing to show. */

import {element} from './element.js';
import {WORDS} from './words.js';

/** Grey blocks of the final sizes. */
export function loadingView() {
  return element('div', {class: 'loading', 'data-key': 'loading', role: 'status', 'aria-label': WORDS.loading},
    [130, 220, 170, 40, 240, 260].map((height) => element('div', {class: 'block', style: `height:${height}px`})));
}

/** One sentence and nothing else. @param {string} title @param {string} text */
export function messageView(title, text = '') {
  return element('section', {class: 'part message', 'data-key': `message-${title}`}, element('h3', {class: 'headline strong'}, title),
    text ? element('p', {}, text) : null);
}
