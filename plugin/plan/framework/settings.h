#ifndef ISOFLOP_PLUGIN_PLAN_FRAMEWORK_SETTINGS_H_
#define ISOFLOP_PLUGIN_PLAN_FRAMEWORK_SETTINGS_H_

#include <map>
#include <string>
#include <string_view>

#include "plugin/plan/yaml_tree.h"

namespace isoflop {

// One setting of a framework's file.
struct Setting {
  std::string key;  // As the file writes it: "training.steps", "--num-layers".
  Place place;      // Of the key.
  YamlNode value;   // kRefused: of no value that can be known without running the file; `value.text` says what must stand there.
};

// What a framework's file sets, by key. A null is as good as nothing.
using Settings = std::map<std::string, Setting, std::less<>>;

// Adds what `map` sets, and the maps within it, under "outer.inner"; lists stay whole.
void AddSettings(const YamlNode& map, const std::string& prefix, Settings& settings);

// A value as if it stood there as text.
YamlNode ScalarNode(const Place& place, std::string text);

// The shortest text that reads back as `number`.
std::string NumberText(double number);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_PLAN_FRAMEWORK_SETTINGS_H_
