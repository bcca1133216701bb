/**
 * Figures that explain themselves. A figure carries its explanation as `aria-description`, which assistive technology reads and which a bubble
 * shows (tip_bubble.js). Figures of one group are one stop of the Tab key.
 */

import {element} from './element.js';

let texts = {};

/** Brings the texts of `explain` (tips.js), which come after the figures that they explain. @param {Object} tips */
export function takeTips(tips) {
  texts = tips;
}

/** What a figure tells of itself; nothing until the texts are here. @param {string} name Dots lead into groups. @param {...*} values */
export function explain(name, ...values) {
  const text = name.split('.').reduce((group, part) => group?.[part], texts);
  return typeof text === 'function' ? text(...values) : text ?? '';
}

/**
 * @param {string} text @param {string} tip @param {{key?: string, class?: string}} options
 */
export function figure(text, tip, options = {}) {
  return element('span', {class: `figure ${options.class ?? ''}`.trim(), 'aria-description': tip, tabindex: '-1', 'data-key': options.key}, text);
}

/** Gives each group of figures its one Tab stop; to be called after the figures changed. @param {ParentNode} root */
export function placeTabStops(root) {
  for (const group of root.querySelectorAll('[data-figures]')) {
    const figures = [...group.querySelectorAll('.figure')];
    if (figures.length && !figures.some((node) => node.getAttribute('tabindex') === '0')) figures[0].setAttribute('tabindex', '0');
  }
}
