/** Tables travel as columns: {"a": [1, 3], "b": {"c": [2, null]}} is of two rows (plugin/document/table.h). */

const at = (column, row) => Array.isArray(column) ? column[row] : column && Object.fromEntries(Object.entries(column).map(([name, inner]) =>
  [name, at(inner, row)]));

/** @param {Object} table @returns {Array<Object>} its rows */
export const rowsOf = (table) => (Object.values(table)[0] ?? []).map((_, row) => at(table, row));
