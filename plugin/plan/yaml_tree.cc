#include "plugin/plan/yaml_tree.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cstdint>
#include <set>
#include <sstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "plugin/plan/plan_text.h"

namespace isoflop {
namespace {

struct TooDeep {
  Place place;
};

// Builds the tree from the parser's events. A parser that loads nodes itself would resolve aliases and lose second keys.
class TreeBuilder : public YAML::EventHandler {
 public:
  TreeBuilder(const std::string& file, PlanProblems& problems, PlanProblems& extensions) : file_(file), problems_(problems), extensions_(extensions) {}

  YamlNode TakeRoot() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { Add(Node(YamlNode::Kind::kNull, mark, "?", anchor)); }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    Refuse(mark, "aliases are not allowed: write the value out");
    YamlNode node = Node(YamlNode::Kind::kRefused, mark, "?", 0);
    node.text = "must be written out: aliases are not followed";
    Add(std::move(node));
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, const std::string& value) override {
    YamlNode node = Node(YamlNode::Kind::kScalar, mark, tag, anchor);
    if (node.kind == YamlNode::Kind::kScalar) node.text = value;
    Add(std::move(node));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, YAML::EmitterStyle::value) override {
    Open(Node(YamlNode::Kind::kList, mark, tag, anchor), false);
  }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, YAML::EmitterStyle::value) override {
    Open(Node(YamlNode::Kind::kMap, mark, tag, anchor), true);
  }
  void OnSequenceEnd() override { Close(); }
  void OnMapEnd() override { Close(); }

 private:
  struct Level {
    YamlNode node;
    bool map = false;
    bool has_key = false;  // The key has come, its value has not.
    std::string key;
    Place key_place;
    std::set<std::string> keys;
  };

  Place PlaceOf(const YAML::Mark& mark) const { return {file_, mark.line + 1, mark.column + 1}; }
  void Refuse(const YAML::Mark& mark, const std::string& message) { AddProblem(extensions_, PlaceOf(mark), message); }

  YamlNode Node(YamlNode::Kind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    if (anchor != 0) Refuse(mark, "anchors are not allowed: write the value out where it is used");
    const bool tagged = !tag.empty() && tag != "?" && tag != "!";
    if (tagged) Refuse(mark, absl::StrCat("tags are not allowed, got ", tag));
    if (!tagged) return {.kind = kind, .place = PlaceOf(mark)};
    return {.kind = YamlNode::Kind::kRefused, .place = PlaceOf(mark), .text = absl::StrCat("must be a plain value, got one tagged ", tag)};
  }

  void Open(YamlNode node, bool map) {
    if (levels_.size() >= kGreatestYamlDepth) throw TooDeep{node.place};
    levels_.push_back({.node = std::move(node), .map = map});
  }

  void Close() {
    YamlNode node = std::move(levels_.back().node);
    levels_.pop_back();
    Add(std::move(node));
  }

  void Add(YamlNode node) {
    if (levels_.empty()) {
      root_ = std::move(node);
      return;
    }
    Level& level = levels_.back();
    if (!level.map) {
      level.node.items.push_back(std::move(node));
    } else if (!level.has_key) {
      TakeKey(level, node);
    } else {
      level.has_key = false;
      if (level.keys.insert(level.key).second) level.node.entries.push_back({level.key, level.key_place, std::move(node)});
    }
  }

  void TakeKey(Level& level, const YamlNode& node) {
    level.has_key = true;
    level.key = node.text;
    level.key_place = node.place;
    if (node.kind != YamlNode::Kind::kScalar) {
      if (node.kind != YamlNode::Kind::kRefused) AddProblem(problems_, node.place, "a key must be a word");
    } else if (node.text == "<<") {
      AddProblem(problems_, node.place, "merge keys (<<) are not allowed: write the values out");
    } else if (level.keys.count(node.text) > 0) {
      AddProblem(problems_, node.place, absl::StrCat(node.text, " is given twice"));
    } else {
      return;
    }
    level.keys.insert(level.key);  // Its value is dropped.
  }

  const std::string& file_;
  PlanProblems &problems_, &extensions_;
  std::vector<Level> levels_;
  YamlNode root_;
};

// Of the first indentation by a tab; the parser takes some for spaces. In JSON tabs are fine.
const char* FindTabIndentation(const std::string& text) {
  const size_t first = text.find_first_not_of(" \t\r\n");
  if (first != std::string::npos && text[first] == '{') return nullptr;
  for (size_t line = 0; line < text.size();) {
    const size_t after = std::min(text.find_first_not_of(" \t", line), text.size());
    const char* const tab = std::find(&text[line], &text[after], '\t');
    if (tab != &text[after] && after < text.size() && text[after] != '\n' && text[after] != '\r' && text[after] != '#') return tab;
    line = std::min(text.find('\n', line), text.size() - 1) + 1;
  }
  return nullptr;
}

bool CheckYamlText(const std::string& text, const std::string& file, PlanProblems& problems) {
  if (!CheckPlanText(text, file, problems)) return false;
  const char* const tab = FindTabIndentation(text);
  if (tab != nullptr) AddProblem(problems, PlaceAt(text, static_cast<size_t>(tab - text.data()), file), "indentation must be by spaces, got a tab");
  return tab == nullptr;
}

}  // namespace

const YamlNode* YamlNode::Find(std::string_view key) const {
  const auto found = std::find_if(entries.begin(), entries.end(), [key](const YamlEntry& entry) { return entry.key == key; });
  return found == entries.end() ? nullptr : &found->value;
}

YamlNode ReadYamlTree(const std::string& text, const std::string& file, PlanProblems& problems, PlanProblems* extensions) {
  const YamlNode refused = {.kind = YamlNode::Kind::kRefused, .place = {file}};
  if (!CheckYamlText(text, file, problems)) return refused;
  std::istringstream stream(text);
  PlanProblems& strict = extensions == nullptr ? problems : *extensions;
  TreeBuilder builder(file, problems, strict), second(file, problems, strict);
  try {
    YAML::Parser parser(stream);
    parser.HandleNextDocument(builder);
    YamlNode root = builder.TakeRoot();
    if (root.place.file.empty()) root.place = {file, 1, 1};
    if (parser.HandleNextDocument(second)) {
      AddProblem(problems, second.TakeRoot().place, "a file must be one document, got a second");
      return refused;
    }
    return root;
  } catch (const TooDeep& error) {
    AddProblem(problems, error.place, absl::StrCat("a file must nest at most ", kGreatestYamlDepth, " deep"));
  } catch (const YAML::Exception& error) {
    const bool placed = !error.mark.is_null();
    AddProblem(problems, placed ? Place{file, error.mark.line + 1, error.mark.column + 1} : Place{file}, error.msg);
  }
  return refused;
}

}  // namespace isoflop
