// Contrast of the stylesheet's colours by WCAG 2: text 4.5:1, drawn marks 3:1, in both themes; and what readers who see colours otherwise see.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import test from 'node:test';

const css = readFileSync(new URL('../../integrations/mlflow/isoflop_mlflow/sidebar/panel.css', import.meta.url), 'utf8');
const tokensOf = (selector) => Object.fromEntries([...css.slice(css.indexOf(selector)).split('}')[0].matchAll(/(--[\w-]+):\s*(#[0-9a-f]{3,6}|rgb\([^)]*\));/g)]
  .map(([, name, value]) => [name, value]));

function channels(color) {
  if (color.startsWith('#')) {
    const digits = color.length === 4 ? [...color.slice(1)].map((digit) => digit + digit) : color.slice(1).match(/../g);
    return {rgb: digits.map((digit) => parseInt(digit, 16)), alpha: 1};
  }
  const numbers = color.match(/[\d.]+/g).map(Number);
  return {rgb: numbers.slice(0, 3), alpha: numbers[3] / 100};
}

const linear = (rgb) => rgb.map((value) => value / 255).map((value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);

/** WCAG 2.2, relative luminance. */
function luminance(rgb) {
  const [r, g, b] = linear(rgb);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Machado, Oliveira & Fernandes 2009 (doi:10.1109/TVCG.2009.113), severity 1, on linear RGB. */
const DEFICIENCIES = {
  none: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  protanopia: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  deuteranopia: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
  tritanopia: [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
};

/** CIE 1976 L*a*b*, D65, of a colour as that reader sees it. */
function lab(color, matrix) {
  const [r, g, b] = matrix.map((row) => row.reduce((sum, weight, index) => sum + weight * linear(channels(color).rgb)[index], 0))
    .map((value) => Math.min(1, Math.max(0, value)));
  const [x, y, z] = [(0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505, 0.2126 * r + 0.7152 * g + 0.0722 * b, (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089]
    .map((value) => value > 216 / 24389 ? Math.cbrt(value) : (24389 / 27 * value + 16) / 116);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

/** CIE 1976 difference: 2.3 is just seen. */
const difference = (one, other, matrix) => Math.hypot(...lab(one, matrix).map((value, index) => value - lab(other, matrix)[index]));

function contrast(front, back) {
  const ground = channels(back).rgb, {rgb, alpha} = channels(front);
  const [light, dark] = [luminance(rgb.map((value, index) => value * alpha + ground[index] * (1 - alpha))), luminance(ground)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

for (const [theme, selector] of [['light', ':host {'], ['dark', ':host([data-theme=dark]) {']]) {
  const tokens = tokensOf(selector);
  const atLeast = (limit, front, back) => test(`${theme}: ${front} on ${back} is ${limit}:1 or more`, () => {
    const found = contrast(tokens[front], tokens[back]);
    assert.ok(found >= limit, `${tokens[front]} on ${tokens[back]} is ${found.toFixed(2)}:1`);
  });
  for (const [front, back] of [['--text', '--bg'], ['--text', '--bg2'], ['--text2', '--bg'], ['--text2', '--bg2'], ['--link', '--bg'], ['--link', '--bg2'],
    ['--good', '--good-bg'], ['--caution', '--caution-bg'], ['--off', '--off-bg'], ['--off', '--bg'], ['--caution', '--bg'], ['--bg', '--text']]) atLeast(4.5, front, back);
  for (const front of ['--law', '--runs', '--ink', '--contour']) atLeast(3, front, '--bg');
  for (const [reader, matrix] of Object.entries(DEFICIENCIES)) {
    test(`${theme}, ${reader}: the law, runs, ink and what is off the law differ at a glance`, () => {
      const marks = ['--law', '--runs', '--ink', '--off'];
      for (const one of marks) {
        for (const other of marks.slice(marks.indexOf(one) + 1)) {
          const found = difference(tokens[one], tokens[other], matrix);
          assert.ok(found >= 20, `${one} and ${other} differ by ${found.toFixed(1)}`);
        }
      }
    });
  }
}
