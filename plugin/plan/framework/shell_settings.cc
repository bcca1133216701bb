#include "plugin/plan/framework/shell_settings.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "plugin/plan/framework/shell_words.h"
#include "plugin/plan/plan_text.h"

namespace isoflop {
namespace {

bool IsArgument(const ShellWord& word) { return word.text.size() > 2 && word.text.compare(0, 2, "--") == 0; }

// Of bytes in any order: the begins of all lines are found once.
class Places {
 public:
  Places(const std::string& text, const std::string& file) : file_(file) {
    for (size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '\n') begins_.push_back(i + 1);
    }
  }
  Place Of(size_t offset) const {
    const auto line = std::upper_bound(begins_.begin(), begins_.end(), offset);
    return {file_, static_cast<int>(line - begins_.begin()), static_cast<int>(offset - *(line - 1)) + 1};
  }

 private:
  const std::string& file_;
  std::vector<size_t> begins_{0};
};

YamlNode ValueNode(const Place& place, const ShellWord& word, std::string text) {
  YamlNode value = ScalarNode(place, std::move(text));
  if (word.unknown.empty()) return value;
  value.kind = YamlNode::Kind::kRefused;
  value.text = absl::StrCat("must have a value that the file tells, got ", word.unknown);
  return value;
}

}  // namespace

Settings ReadShellSettings(const std::string& text, const std::string& file, PlanProblems& problems) {
  Settings settings;
  if (!CheckPlanText(text, file, problems)) return settings;
  const Places places(text, file);
  const std::vector<ShellWord> words = ReadShellWords(text);
  for (size_t i = 0; i < words.size(); ++i) {
    if (!IsArgument(words[i])) continue;
    const size_t equals = std::min(words[i].text.find('='), words[i].text.size());
    const std::string key = words[i].text.substr(0, equals);
    const Place place = places.Of(words[i].offset);
    YamlNode value = ScalarNode(place, "true");
    if (equals < words[i].text.size()) {
      value = ValueNode(place, words[i], words[i].text.substr(equals + 1));
    } else if (i + 1 < words.size() && !IsArgument(words[i + 1]) && !words[i + 1].begins_command) {
      value = ValueNode(places.Of(words[i + 1].offset), words[i + 1], words[i + 1].text);
    }
    std::string name = key.substr(2);
    std::replace(name.begin(), name.end(), '-', '_');
    const auto [entry, first] = settings.emplace(name, Setting{key, place, value});
    if (first || entry->second.value.text == value.text) continue;
    if (entry->second.value.kind == YamlNode::Kind::kRefused) continue;
    value.kind = YamlNode::Kind::kRefused;
    value.text = absl::StrCat("must be given once, got \"", entry->second.value.text, "\" and \"", value.text, "\"");
    entry->second.value = std::move(value);
  }
  return settings;
}

}  // namespace isoflop
