/**
 * @typedef {Object} Row
 * @property {string} name @property {string} unit
 * @property {?number} budget Null where SIDEBAR sets none.
 * @property {number[]} samples
 */

/** @param {number[]} samples @param {number} share */
export function quantile(samples, share) {
  const ordered = [...samples].sort((a, b) => a - b);
  return ordered[Math.min(ordered.length - 1, Math.ceil(share * ordered.length) - 1)];
}

const written = (value) => value.toFixed(value < 100 ? 1 : 0);

/** @param {Row[]} rows @returns {boolean} Whether every budget is met. */
export function printTable(rows) {
  const width = Math.max(...rows.map(({name}) => name.length));
  const line = (...[name, ...cells]) => console.log([name.padEnd(width), ...cells.map((cell) => cell.padStart(8))].join('  '));
  line('', 'budget', 'p50', 'p95', 'ratio', 'met');
  let all = true;
  for (const {name, unit, budget, samples} of rows) {
    const worst = quantile(samples, 0.95), met = budget === null || worst <= budget;
    all &&= met;
    line(name, budget === null ? '' : `${budget} ${unit}`, written(quantile(samples, 0.5)), written(worst), budget === null ? '' : (worst / budget).toFixed(2),
      budget === null ? '' : met ? 'yes' : 'NO');
  }
  return all;
}
