/** Budgets that were used before, kept in this browser for each experiment. */

const key = (experimentId) => `isoflop.budgets.${experimentId}`;
const KEPT = 4;

/** Budgets used before, newest first. @param {string} experimentId @returns {number[]} */
export function usedBudgets(experimentId) {
  try {
    const kept = JSON.parse(localStorage.getItem(key(experimentId)) ?? '[]');
    return kept.filter((budget) => Number.isFinite(budget) && budget > 0);
  } catch {
    return [];
  }
}

/** @param {string} experimentId @param {number} budget */
export function keepBudget(experimentId, budget) {
  const kept = [budget, ...usedBudgets(experimentId).filter((other) => other !== budget)].slice(0, KEPT);
  try {
    localStorage.setItem(key(experimentId), JSON.stringify(kept));
  } catch {
    // A browser that keeps nothing still shows the advice.
  }
}
