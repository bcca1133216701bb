#include "plugin/document/table.h"

#include <algorithm>
#include <vector>

namespace isoflop {
namespace {

using nlohmann::ordered_json;

// One value a row.
ordered_json ColumnOf(const std::vector<const ordered_json*>& values) {
  static const ordered_json kNull = nullptr;
  const auto known = std::find_if(values.begin(), values.end(), [](const ordered_json* value) { return !value->is_null(); });
  if (known == values.end()) return nullptr;
  ordered_json column;
  if (!(*known)->is_object()) {
    for (const ordered_json* value : values) column.push_back(*value);
    return column;
  }
  for (const auto& [key, of_first] : (*known)->items()) {
    std::vector<const ordered_json*> inner;
    for (const ordered_json* value : values) inner.push_back(value->is_null() ? &kNull : &value->at(key));
    column[key] = ColumnOf(inner);
  }
  return column;
}

}  // namespace

ordered_json TableOf(const ordered_json& rows) {
  if (rows.empty()) return ordered_json::object();
  std::vector<const ordered_json*> values;
  for (const ordered_json& row : rows) values.push_back(&row);
  return ColumnOf(values);
}

}  // namespace isoflop
