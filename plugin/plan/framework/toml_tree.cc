#include "plugin/plan/framework/toml_tree.h"

#include <toml++/toml.h>

#include <algorithm>
#include <sstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "plugin/plan/framework/settings.h"
#include "plugin/plan/plan_text.h"

namespace isoflop {
namespace {

// A table has at most one level a dot, and the parser takes tables of any depth, on the stack.
constexpr std::ptrdiff_t kMostDotsInLine = 1000;

class Converter {
 public:
  Converter(const std::string& file, PlanProblems& problems) : file_(file), problems_(problems) {}

  YamlNode Convert(const toml::node& node, int depth) {
    if (depth > kGreatestYamlDepth) {
      AddProblem(problems_, PlaceOf(node.source()), absl::StrCat("a file must nest at most ", kGreatestYamlDepth, " deep"));
      return {.kind = YamlNode::Kind::kRefused, .place = PlaceOf(node.source())};
    }
    if (const toml::table* table = node.as_table()) return ConvertTable(*table, depth);
    YamlNode converted = ScalarNode(PlaceOf(node.source()), TextOf(node));
    if (const toml::array* array = node.as_array()) {
      converted.kind = YamlNode::Kind::kList;
      for (const toml::node& item : *array) converted.items.push_back(Convert(item, depth + 1));
    }
    return converted;
  }

 private:
  Place PlaceOf(const toml::source_region& source) const { return {file_, static_cast<int>(source.begin.line), static_cast<int>(source.begin.column)}; }

  YamlNode ConvertTable(const toml::table& table, int depth) {
    YamlNode map{.kind = YamlNode::Kind::kMap, .place = PlaceOf(table.source())};
    for (const auto& [key, value] : table) map.entries.push_back({std::string(key.str()), PlaceOf(key.source()), Convert(value, depth + 1)});
    return map;
  }

  static std::string TextOf(const toml::node& node) {
    if (const auto* text = node.as_string()) return text->get();
    if (const auto* number = node.as_integer()) return std::to_string(number->get());
    if (const auto* number = node.as_floating_point()) return NumberText(number->get());
    if (const auto* truth = node.as_boolean()) return truth->get() ? "true" : "false";
    return "";
  }

  const std::string& file_;
  PlanProblems& problems_;
};

// Where a line holds so many dots that its keys may be nested without end.
size_t FindDottedLine(const std::string& text) {
  for (size_t line = 0; line < text.size();) {
    const size_t end = std::min(text.find('\n', line), text.size());
    if (std::count(&text[line], &text[end], '.') > kMostDotsInLine) return line;
    line = end + 1;
  }
  return std::string::npos;
}

}  // namespace

YamlNode ReadTomlTree(const std::string& text, const std::string& file, PlanProblems& problems) {
  const YamlNode refused{.kind = YamlNode::Kind::kRefused, .place = {file}};
  if (!CheckPlanText(text, file, problems)) return refused;
  if (const size_t line = FindDottedLine(text); line != std::string::npos) {
    AddProblem(problems, PlaceAt(text, line, file), absl::StrCat("a line of TOML must hold at most ", kMostDotsInLine, " dots"));
    return refused;
  }
  try {
    return Converter(file, problems).Convert(toml::parse(text), 0);
  } catch (const toml::parse_error& error) {
    const toml::source_position at = error.source().begin;
    AddProblem(problems, Place(file, static_cast<int>(at.line), static_cast<int>(at.column)), std::string(error.description()));
    return refused;
  }
}

}  // namespace isoflop
