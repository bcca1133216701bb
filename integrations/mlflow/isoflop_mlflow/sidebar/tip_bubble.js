/** The bubble that shows what a figure says of itself, on hover, focus or touch; arrows walk the figures of a group. */

import {element} from './element.js';

/** @param {ShadowRoot} root @returns {function(): boolean} Hides what is shown; whether anything was. */
export function explainFigures(root) {
  const bubble = element('div', {class: 'tip', role: 'tooltip', hidden: true, 'data-keep': true});
  root.append(bubble);
  let shownFor = null;

  function show(target) {
    if (shownFor === target && bubble.textContent === target.getAttribute('aria-description')) return;
    shownFor = target;
    bubble.textContent = target.getAttribute('aria-description');
    bubble.hidden = false;
    const at = target.getBoundingClientRect(), size = bubble.getBoundingClientRect();
    const below = at.bottom + 6 + size.height <= innerHeight - 8;
    bubble.style.left = `${Math.max(8, Math.min(at.left, innerWidth - size.width - 8))}px`;
    bubble.style.top = `${below ? at.bottom + 6 : Math.max(8, at.top - size.height - 6)}px`;
  }

  const hide = () => {
    const shown = !bubble.hidden;
    bubble.hidden = true;
    shownFor = null;
    return shown;
  };

  const described = (event) => event.target.closest?.('[aria-description]');
  root.addEventListener('pointerover', (event) => {
    if (bubble.contains(event.target)) return;  // The bubble may be pointed at, to read or copy it.
    const target = described(event);
    if (target) show(target);
    else if (!shownFor?.matches(':focus-visible')) hide();
  });
  root.addEventListener('focusin', (event) => {
    const target = described(event);
    if (target?.matches(':focus-visible')) show(target);
  });
  root.host.addEventListener('pointerleave', () => {
    if (!shownFor?.matches(':focus-visible')) hide();
  });
  root.addEventListener('focusout', hide);
  root.addEventListener('keydown', (event) => {
    if (['ArrowRight', 'ArrowDown', 'ArrowLeft', 'ArrowUp'].includes(event.key) && event.target.classList?.contains('figure')) {
      walk(event);
    }
  });
  root.addEventListener('scroll', hide, true);
  return hide;
}

function walk(event) {
  const group = event.target.closest('[data-figures]');
  if (!group) return;
  const figures = [...group.querySelectorAll('.figure')].filter((node) => node.offsetParent);
  const step = event.key === 'ArrowRight' || event.key === 'ArrowDown' ? 1 : -1;
  const next = figures[(figures.indexOf(event.target) + step + figures.length) % figures.length];
  event.preventDefault();
  event.target.setAttribute('tabindex', '-1');
  next.setAttribute('tabindex', '0');
  next.focus();
}
