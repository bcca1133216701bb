// How figures are written, against examples worked out by hand from the rules and the published fit of the 234 Chinchilla runs.
import assert from 'node:assert/strict';
import test from 'node:test';
import * as figures from '../../integrations/mlflow/isoflop_mlflow/sidebar/tab_figures.js';
import {prose} from '../../integrations/mlflow/isoflop_mlflow/sidebar/prose.js';

const spaced = (text) => text.replaceAll('_', figures.NBSP);

test('counts keep two significant digits, so that 6ND gives the budget back', () => {
  assert.equal(figures.count(2708087365), spaced('2.7_B'));
  assert.equal(figures.count(61544050920), spaced('62_B'));
  assert.equal(figures.count(616733770600), spaced('620_B'));
  assert.equal(figures.count(73824672), spaced('74_M'));
  assert.equal(figures.count(1.0e12), spaced('1.0_T'));
  assert.equal(figures.count(850), '850');
});

test('a count just below a unit is written in the next unit once it rounds to it', () => {
  assert.equal(figures.count(994e6), spaced('990_M'));
  assert.equal(figures.count(996e6), spaced('1.0_B'));
});

test('bounds of a count share a unit unless one of them would lose its digits', () => {
  assert.equal(figures.countBounds(19082806890, 37451907320), spaced('[19,_37]_B'));
  assert.equal(figures.countBounds(8e8, 1.2e9), spaced('[0.80,_1.2]_B'));
  assert.equal(figures.countBounds(5e7, 1.2e9), spaced('[50_M,_1.2_B]'));
  assert.equal(figures.countRange(1473576094, 4977212045), spaced('1.5_to_5.0_B'));
});

test('compute has one decimal at most', () => {
  assert.equal(figures.flops(1e21), '1e21');
  assert.equal(figures.flops(5.1e20), '5.1e20');
  assert.equal(figures.flops(9.96e20), '1e21');
  assert.equal(figures.flops(1.295602267e22), '1.3e22');
});

test('an interval is rounded by its width: one digit from 3 to 9, two digits for 1 and 2', () => {
  // Width 0.045: leads with 4, so hundredths.
  assert.deepEqual(figures.interval({estimate: 2.302853852, lower: 2.280694303, upper: 2.325909676}), {estimate: '2.30', bounds: spaced('[2.28,_2.33]')});
  // Width 0.0289: leads with 2, so thousandths.
  assert.deepEqual(figures.interval({estimate: 2.0171, lower: 2.0002, upper: 2.0291}), {estimate: '2.017', bounds: spaced('[2.000,_2.029]')});
  // Just over: width 0.03 leads with 3.
  assert.deepEqual(figures.interval({estimate: 2.0171, lower: 2.0, upper: 2.0301}), {estimate: '2.02', bounds: spaced('[2.00,_2.03]')});
});

test('law parameters carry one digit more', () => {
  const row = (estimate, lower, upper) => figures.interval({estimate, lower, upper}, 1);
  assert.deepEqual(row(1.783894129, 1.74073744, 1.836140195), {estimate: '1.784', bounds: spaced('[1.741,_1.836]')});
  assert.deepEqual(row(442.1640575, 279.0631931, 737.7521768), {estimate: '440', bounds: spaced('[280,_740]')});
  assert.deepEqual(row(1271.808, 581.4004635, 2431.40862), {estimate: '1270', bounds: spaced('[580,_2430]')});
  assert.deepEqual(row(0.3426260429, 0.3152739973, 0.3727031275), {estimate: '0.343', bounds: spaced('[0.315,_0.373]')});
});

test('an estimate without an interval has three digits and no bracket', () => {
  assert.deepEqual(figures.interval({estimate: 2.302853852, lower: null, upper: null}), {estimate: '2.30', bounds: null});
  assert.deepEqual(figures.interval({estimate: 0.5, lower: 0.5, upper: 0.5}), {estimate: '0.500', bounds: null});
});

test('an interval over many decades does not round its estimate away', () => {
  assert.deepEqual(figures.interval({estimate: 350, lower: 2, upper: 1.36e64}, 1), {estimate: '350', bounds: spaced('[2.0,_1.4e64]')});
});

test('distances from the law have a sign, a real minus and a no-break space', () => {
  assert.equal(figures.offLaw(Math.log(1.018)), spaced('+1.8_%'));
  assert.equal(figures.offLaw(Math.log(0.979)), spaced('−2.1_%'));
  assert.equal(figures.offLaw(0.0001), spaced('+0.010_%'));
  assert.equal(figures.percent(0.004895992583), spaced('0.49_%'));
});

test('ages are relative under a day and a date from then on', () => {
  const now = Date.parse('2026-11-23T10:00:00Z');
  assert.equal(figures.age('2026-11-23T09:59:20Z', now), spaced('40_s ago'));
  assert.equal(figures.age('2026-11-23T09:58:00Z', now), spaced('2_min ago'));
  assert.equal(figures.age('2026-11-22T10:00:01Z', now), spaced('23_h ago'));
  assert.equal(figures.age('2026-11-22T10:00:00Z', now), '2026-11-22');
  assert.equal(figures.age('2026-11-23T10:00:05Z', now), spaced('0_s ago'));  // A server's clock may run ahead.
});

test('a budget is a positive finite number, however it is typed', () => {
  for (const [text, budget] of [['3e22', 3e22], [' 3 E22 FLOP', 3e22], ['1.5e+21', 1.5e21], ['1,000,000', 1e6], ['5×10^20', 5e20]]) {
    assert.equal(figures.parseBudget(text), budget, text);
  }
  for (const text of ['', '0', '-1e21', 'NaN', 'Infinity', '1e999', '0x10', '3e', 'many', '1e21e3']) assert.equal(figures.parseBudget(text), null, text);
});

test('long names keep both ends', () => {
  assert.equal(figures.shortName('chin-552M-8B'), 'chin-552M-8B');
  assert.equal(figures.shortName('a'.repeat(28)).length, 28);
  assert.equal(figures.shortName('sweep-2026-layers-24-width-1024-seed-7'), 'sweep-2026-lay…h-1024-seed-7');
});

test('how far a budget lies past the runs has two digits', () => {
  assert.equal(figures.times(7.72), '7.7×');
  assert.equal(figures.times(83), '83×');
  assert.equal(figures.times(827), '827×');
  assert.equal(figures.times(82672), '8.3e4×');
});

test('residuals below a per cent keep two digits', () => {
  assert.equal(figures.offLaw(Math.log(1.018)), '+1.8\u00a0%');
  assert.equal(figures.offLaw(Math.log(0.99963)), '\u22120.037\u00a0%');
  assert.equal(figures.offLaw(0), '0.0\u00a0%');
});

test('sentences of the server get the page’s spelling', () => {
  assert.equal(prose('lies between 2.17e+10 and 4.34e+10, by -2.4 % [-5.3, -0.49]; 1e+21 FLOP, leave-one-out'),
    'lies between 22\u00a0B and 43\u00a0B, by \u22122.4\u00a0% [\u22125.3, \u22120.49]; 1e21 FLOP, leave-one-out');
});
