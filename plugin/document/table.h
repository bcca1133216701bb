#ifndef ISOFLOP_PLUGIN_DOCUMENT_TABLE_H_
#define ISOFLOP_PLUGIN_DOCUMENT_TABLE_H_

#include <nlohmann/json.hpp>

namespace isoflop {

// Rows as columns: [{"a": 1, "b": {"c": 2}}, {"a": 3, "b": null}] is {"a": [1, 3], "b": {"c": [2, null]}}. Names stand once and like numbers together, so that
// a page of many rows travels in a third of the bytes. The rows are objects of the same keys; an object within may be null in some of them. A column
// that is null throughout is null, and a table without rows an empty object. The first column must not be null throughout: it tells how many rows there are.
nlohmann::ordered_json TableOf(const nlohmann::ordered_json& rows);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_DOCUMENT_TABLE_H_
