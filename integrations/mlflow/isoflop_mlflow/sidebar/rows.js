/** Pointing at a run in MLflow's own table of runs. Where its rows are not what they were, nothing happens. */

const RUN_ID = /^[0-9a-f]{32}$/;

/** @param {Node} target @returns {?string} The run whose row it lies in. */
function runOf(target) {
  const row = target.closest?.('[role=row], tr'), id = row?.getAttribute('row-id');
  if (RUN_ID.test(id)) return id;
  return /\/runs\/([0-9a-f]{32})$/.exec(row?.querySelector('a[href*="/runs/"]')?.getAttribute('href') ?? '')?.[1] ?? null;
}

/**
 * Follows the pointer and the focus through the page.
 * @param {function(?string): void} point Called with the run that is pointed at, and with null when it no longer is.
 * @returns {function(): void} stops following
 */
export function followRows(point) {
  let pointed = null;
  const look = ({target}) => {
    const runId = runOf(target);
    if (runId === pointed) return;
    pointed = runId;
    point(runId);
  };
  for (const event of ['pointerover', 'focusin']) document.addEventListener(event, look);
  return () => ['pointerover', 'focusin'].forEach((event) => document.removeEventListener(event, look));
}
