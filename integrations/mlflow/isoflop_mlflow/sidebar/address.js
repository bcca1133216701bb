/** Links that reproduce a view. They live in the query of MLflow's hash route, which its router ignores. */

export const NAMES = {budget: 'isoflop_budget', version: 'isoflop_law', tab: 'isoflop_tab'};

/** @typedef {{budget: ?number, version: number, tab: ?string}} Pin Of a link: version 0 is the newest. */

/** @param {string} address @returns {Pin} */
export function pinOf(address) {
  const query = new URLSearchParams(address.split('#')[1]?.split('?')[1]), number = (name) => Number(query.get(name));
  const budget = number(NAMES.budget), version = number(NAMES.version);
  return {budget: budget > 0 && Number.isFinite(budget) ? budget : null, version: Number.isSafeInteger(version) && version > 0 ? version : 0,
    tab: query.get(NAMES.tab)};
}

/** Says in the address whether the full page is open; closing it takes the pinned view from there as well. @param {boolean} full */
export function noteInAddress(full) {
  const [path, query] = location.hash.split('?'), parameters = new URLSearchParams(query);
  if (!path || parameters.has('isoflop') === full) return;
  if (full) parameters.set('isoflop', 'full');
  else for (const name of ['isoflop', ...Object.values(NAMES)]) parameters.delete(name);
  const text = parameters.toString();
  history.replaceState(history.state, '', `${path}${text ? `?${text}` : ''}`);
}
