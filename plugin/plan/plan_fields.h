#ifndef ISOFLOP_PLUGIN_PLAN_PLAN_FIELDS_H_
#define ISOFLOP_PLUGIN_PLAN_PLAN_FIELDS_H_

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plugin/plan/plan_field.h"
#include "plugin/plan/plan_problem.h"
#include "plugin/plan/yaml_tree.h"

namespace isoflop {

// What a plan writes under one field's name.
struct WrittenField {
  const PlanField* field = nullptr;
  Place place;           // Of the key.
  YamlNode value;        // A scalar, unless a problem says so.
  std::string key;       // As the file writes it; the field's own name in a plan of ours.
  bool derived = false;  // The value follows from that key and others.
};

// The fields of a run as written, by name; those of the file's top stand for every run that has none of its own.
struct WrittenRun {
  Place place;
  std::map<std::string_view, WrittenField> fields;
  const YamlNode* waivers = nullptr;  // A list, or null.
  // Of a framework's file: the network that it names, over which the fields stand, by which key,
  std::optional<Architecture> architecture;
  FieldSource architecture_source;
  // and fields that it would need but does not have, which is a problem already.
  std::vector<std::string_view> missing;
};

// Takes the fields of `map`, and of the maps within it, over those that `run` has. Keys in `passed_over` are another reader's. Unknown keys,
// known ones in the wrong map and values of the wrong kind are problems, the first with the name that was likely meant.
void TakeFields(const YamlNode& map, const std::vector<std::string_view>& passed_over, WrittenRun& run, PlanProblems& problems);

// The value of a number, within the field's range. Adds a problem and returns nothing where it is none.
std::optional<double> NumberOf(const WrittenField& written, PlanProblems& problems);

// One of the field's words, or "true" and "false" of a switch. Likewise.
std::optional<std::string> WordOf(const WrittenField& written, PlanProblems& problems);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_PLAN_PLAN_FIELDS_H_
