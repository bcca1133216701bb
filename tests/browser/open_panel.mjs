/** Opens the panel in MLflow's page, as a reader does. */
import {openPage} from './browser.mjs';

/** @param {import('playwright-core').Browser} browser @param {import('./stack.mjs').Stack} stack @param {string} experimentId */
export async function openPanel(browser, stack, experimentId, options) {
  const view = await openPage(browser, options);
  await view.page.goto(`${stack.origin}/#/experiments/${experimentId}/runs`);
  await view.entry.waitFor();
  await view.entry.focus();
  await view.page.keyboard.press('Enter');
  await view.panel.locator('.body').waitFor();
  await view.page.locator('[data-isoflop=panel][data-whole]').waitFor();  // Till then keys and buttons wait for what they do.
  return view;
}

/** Numbers of a text, units applied: `[1.5, 2.4] B` is 1.5e9 and 2.4e9. */
export function numbersOf(text) {
  const unit = {K: 1e3, M: 1e6, B: 1e9, T: 1e12}[/([KMBT])$/.exec(text.trim())?.[1]] ?? 1;
  return [...text.replaceAll('\u2212', '-').matchAll(/-?\d[\d.]*(?:e\d+)?/g)].map(([number]) => Number(number) * unit);
}

export const close = (a, b) => Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b));

/** Whether a figure is the value rounded to what the interval's width supports; a half may go either way. */
export const isRounded = (shown, value, interval) => Math.abs(shown - value) <= 0.5001 * placeOf(interval, 0);

function placeOf({lower, upper}, extra) {
  const exponent = Math.floor(Math.log10(upper - lower)), leading = Math.floor((upper - lower) / 10 ** exponent + 1e-9);
  return 10 ** (exponent - (leading < 3 ? 1 : 0) - extra);
}

/** Rounds to what the interval's width supports: one digit of it from 3 to 9, two for 1 and 2, and `extra` more. */
export function rounded(value, interval, extra = 0) {
  const place = placeOf(interval, extra);
  return Math.round(value / place) * place;
}
