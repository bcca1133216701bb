#include "plugin/plan/framework/framework.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <initializer_list>

#include "absl/strings/str_cat.h"
#include "plugin/plan/framework/author_fields.h"
#include "plugin/plan/framework/framework_readers.h"
#include "plugin/plan/framework/framework_run.h"
#include "plugin/plan/framework/python_settings.h"
#include "plugin/plan/framework/shell_settings.h"
#include "plugin/plan/framework/toml_tree.h"
#include "plugin/plan/planned_run_of.h"

namespace isoflop {
namespace {

bool HasAny(const YamlNode& map, std::initializer_list<std::string_view> keys) {
  return std::any_of(keys.begin(), keys.end(), [&](std::string_view key) { return map.Find(key) != nullptr; });
}

bool HasAny(const Settings& settings, std::initializer_list<std::string_view> keys) {
  return std::any_of(keys.begin(), keys.end(), [&](std::string_view key) { return settings.find(key) != settings.end(); });
}

// "name = ...", "--name" or "[name]" at the start of a line.
PlanSyntax SyntaxOfLines(const std::string& text) {
  bool assignments = false, sections = false;
  for (size_t line = 0; line < text.size();) {
    const size_t end = std::min(text.find('\n', line), text.size());
    const size_t first = std::min(text.find_first_not_of(" \t\"", line), end);
    const std::string_view rest = std::string_view(text).substr(first, end - first);
    if (rest.size() > 2 && rest.substr(0, 2) == "--" && std::isalpha(static_cast<unsigned char>(rest[2])) != 0) return PlanSyntax::kShell;
    if (rest.substr(0, 2) == "#!" && rest.find("sh") != std::string_view::npos) return PlanSyntax::kShell;
    size_t name = 0;
    while (name < rest.size() && (std::isalnum(static_cast<unsigned char>(rest[name])) != 0 || rest[name] == '_')) ++name;
    const size_t after = std::min(rest.find_first_not_of(' ', name), rest.size());
    assignments |= name > 0 && after < rest.size() && rest[after] == '=';
    sections |= rest.size() > 2 && rest[0] == '[' && std::isalpha(static_cast<unsigned char>(rest[1])) != 0 && rest.find(']') != std::string_view::npos;
    line = end + 1;
  }
  if (!assignments) return PlanSyntax::kYaml;
  return sections ? PlanSyntax::kToml : PlanSyntax::kPython;
}

struct Source {
  std::optional<Framework> framework;
  Settings settings;
};

Settings MegatronSettings(const YamlNode& root) {
  Settings settings;
  AddSettings(root, "", settings);
  for (const char* part : {"language_model", "model_parallel"}) {
    if (const YamlNode* map = root.Find(part)) AddSettings(*map, "", settings);
  }
  return settings;
}

Source SourceOfTree(const YamlNode& root) {
  Source source{FrameworkOf(root), {}};
  if (source.framework == Framework::kMegatron) {
    source.settings = MegatronSettings(root);
  } else {
    AddSettings(root, "", source.settings);
  }
  return source;
}

Source ReadSource(const PlanText& plan, PlanSyntax syntax, const YamlNode* root, PlanProblems& problems) {
  Source source;
  switch (syntax) {
    case PlanSyntax::kYaml:
      return SourceOfTree(*root);
    case PlanSyntax::kToml: {
      const YamlNode tree = ReadTomlTree(plan.text, plan.file, problems);
      AddSettings(tree, "", source.settings);
      if (HasAny(tree, {"training", "model"})) source.framework = Framework::kTorchtitan;
      return source;
    }
    case PlanSyntax::kPython:
      source.settings = ReadPythonSettings(plan.text, plan.file, problems);
      if (HasAny(source.settings, {"n_layer", "n_embd", "block_size", "batch_size", "max_iters", "gradient_accumulation_steps"})) source.framework = Framework::kNanogpt;
      return source;
    case PlanSyntax::kShell:
      source.settings = ReadShellSettings(plan.text, plan.file, problems);
      if (HasAny(source.settings, {"num_layers", "hidden_size", "num_attention_heads"})) source.framework = Framework::kMegatron;
      return source;
  }
  return source;
}

void ReadSettings(Framework framework, FrameworkRun& run) {
  switch (framework) {
    case Framework::kHuggingFace: return ReadHuggingFace(run);
    case Framework::kLitgpt: return ReadLitgpt(run);
    case Framework::kMegatron: return ReadMegatron(run);
    case Framework::kNanogpt: return ReadNanogpt(run);
    case Framework::kTorchtitan: return ReadTorchtitan(run);
  }
}

// What a program's dump may hold, but not what is written for us.
void RefuseExtensions(const std::string& key, const YamlNode& node, PlanProblems& problems) {
  if (node.kind == YamlNode::Kind::kRefused && !node.text.empty()) AddProblem(problems, node.place, absl::StrCat(key, " ", node.text));
  for (const YamlEntry& entry : node.entries) RefuseExtensions(entry.key, entry.value, problems);
  for (const YamlNode& item : node.items) RefuseExtensions(key, item, problems);
}

void TakeAuthorFields(const YamlNode* map, WrittenRun& said, PlanProblems& problems) {
  if (map == nullptr || map->kind == YamlNode::Kind::kNull) return;
  RefuseExtensions("isoflop", *map, problems);
  if (map->kind == YamlNode::Kind::kRefused) return;
  if (map->kind == YamlNode::Kind::kMap) return TakeFields(*map, {}, said, problems);
  AddProblem(problems, map->place, "isoflop: must be followed by fields of plans, such as `study: pretraining`");
}

}  // namespace

PlanSyntax SyntaxOf(const PlanText& plan) {
  const std::string end = std::filesystem::path(plan.file).extension().string();
  if (end == ".yaml" || end == ".yml" || end == ".json") return PlanSyntax::kYaml;
  if (end == ".toml") return PlanSyntax::kToml;
  if (end == ".py") return PlanSyntax::kPython;
  if (end == ".sh") return PlanSyntax::kShell;
  return SyntaxOfLines(plan.text);
}

std::optional<Framework> FrameworkOf(const YamlNode& root) {
  const YamlNode *train = root.Find("train"), *layers = root.Find("num_layers");
  if (HasAny(root, {"model_type", "per_device_train_batch_size", "num_hidden_layers"})) return Framework::kHuggingFace;
  if (root.Find("language_model") != nullptr || (layers != nullptr && root.Find("hidden_size") != nullptr)) return Framework::kMegatron;
  if (train != nullptr && train->kind == YamlNode::Kind::kMap) return Framework::kLitgpt;
  return std::nullopt;
}

PlannedRun ReadFrameworkRun(const PlanText& plan, PlanSyntax syntax, const YamlNode* root, const PlanText* beside, PlanProblems& problems) {
  const size_t before = problems.size();
  Source source = ReadSource(plan, syntax, root, problems);
  if (problems.size() > before) return {};
  if (!source.framework) {
    AddProblem(problems, {plan.file}, absl::StrCat("is none of the formats that are known: ", std::string(KnownPlanFormats())));
    return {};
  }
  YamlNode second;
  if (beside != nullptr) {
    PlanProblems extensions;  // Told where they are needed.
    second = ReadYamlTree(beside->text, beside->file, problems, &extensions);
    AddSettings(second, "", source.settings);
  }
  const YamlNode comments = ReadAuthorComments(plan.text, plan.file, problems);
  WrittenRun said;
  TakeAuthorFields(root == nullptr ? nullptr : root->Find("isoflop"), said, problems);
  TakeAuthorFields(second.Find("isoflop"), said, problems);
  TakeAuthorFields(&comments, said, problems);
  FrameworkRun run(source.settings, said, plan.file, problems);
  ReadSettings(*source.framework, run);
  return PlannedRunOf(run.Finish(), problems);
}

std::string_view KnownPlanFormats() {
  return "a plan of isoflop's own (`isoflop plan schema`), Hugging Face's config.json with training arguments, litgpt's YAML, Megatron-LM's arguments (shell or YAML), "
         "nanoGPT's configuration (Python), torchtitan's TOML";
}

}  // namespace isoflop
