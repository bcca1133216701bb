/** What readers do at the panel's edges: drag its width; and over a scrim, walk it with Tab. */

import {GAP_PX, WIDTH, WIDTH_KEY} from './layout.js';

const STEP_PX = 10;

/** The handle changes the width, by pointer and by arrow keys. @param {import('./layout.js').Layout} layout */
export function followHandle(layout) {
  const {handle} = layout;
  handle.addEventListener('pointerdown', (event) => {
    event.preventDefault();
    handle.setPointerCapture(event.pointerId);
  });
  handle.addEventListener('pointermove', (event) => {
    if (handle.hasPointerCapture(event.pointerId)) setWidth(layout, innerWidth - event.clientX - GAP_PX);
  });
  handle.addEventListener('keydown', (event) => {
    const change = {ArrowLeft: STEP_PX, ArrowRight: -STEP_PX}[event.key];
    if (!change) return;
    event.preventDefault();
    setWidth(layout, layout.width + change);
  });
}

function setWidth(layout, width) {
  layout.width = Math.round(Math.max(WIDTH.least, Math.min(WIDTH.most, width)));
  try {
    localStorage.setItem(WIDTH_KEY, String(layout.width));
  } catch {
    // A browser that keeps nothing starts at the usual width.
  }
  layout.place();
}

/** Over a scrim the panel is all there is, so Tab stays within it. @param {import('./layout.js').Layout} layout */
export function keepFocus(layout) {
  const {panel, root} = layout;
  panel.addEventListener('keydown', (event) => {
    if (event.key !== 'Tab' || layout.form !== 'overlay') return;
    const stops = [...panel.querySelectorAll('button, a[href], input, summary, [tabindex="0"]')].filter((node) => node.offsetParent && node.tabIndex >= 0);
    const edge = event.shiftKey ? stops[0] : stops[stops.length - 1], inside = root.activeElement;
    if (inside !== edge && !(event.shiftKey && inside === panel)) return;
    event.preventDefault();
    (event.shiftKey ? stops[stops.length - 1] : stops[0]).focus();
  });
}
