#ifndef ISOFLOP_PLUGIN_PLAN_YAML_TREE_H_
#define ISOFLOP_PLUGIN_PLAN_YAML_TREE_H_

#include <string>
#include <string_view>
#include <vector>

#include "plugin/plan/plan_problem.h"

namespace isoflop {

struct YamlEntry;

// One value of a document, and where it stands.
struct YamlNode {
  // kRefused: what stands here is a problem already, or would be one in a stricter document; readers pass it over without another.
  enum class Kind { kNull, kScalar, kList, kMap, kRefused };
  Kind kind = Kind::kNull;
  Place place;
  std::string text;                // Of a scalar, quotes and escapes resolved. Of an alias or a tagged value: "must be ...", what is wrong with it.
  std::vector<YamlNode> items;     // Of a list.
  std::vector<YamlEntry> entries;  // Of a map, in the order of the file; no key comes twice.

  // The value of a map's key; null where it has none.
  const YamlNode* Find(std::string_view key) const;
};

struct YamlEntry {
  std::string key;
  Place place;  // Of the key.
  YamlNode value;
};

inline constexpr int kGreatestYamlDepth = 16;

// Reads one document of YAML or JSON. Nothing is expanded: anchors, aliases, merge keys and tags are problems, and so are keys that come
// twice or are no text, a second document, indentation by tabs, bytes that are no UTF-8 text, nesting deeper than kGreatestYamlDepth and
// files larger than kGreatestPlanSize (plan_text.h). Each is added to `problems` with its place; an empty document is a null.
//
// Where `extensions` is not null, anchors, aliases and tags go there instead: a program's own dump may hold them where nobody looks. Anchors are passed
// over; the others are kRefused.
YamlNode ReadYamlTree(const std::string& text, const std::string& file, PlanProblems& problems, PlanProblems* extensions = nullptr);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_PLAN_YAML_TREE_H_
