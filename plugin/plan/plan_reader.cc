#include "plugin/plan/plan_reader.h"

#include <algorithm>
#include <filesystem>
#include <set>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "plugin/plan/did_you_mean.h"
#include "plugin/plan/framework/framework.h"
#include "plugin/plan/plan_fields.h"
#include "plugin/plan/planned_run_of.h"
#include "plugin/plan/yaml_tree.h"

namespace isoflop {
namespace {

// Keys of a file's top that are no fields of runs.
const std::vector<std::string_view> kTopKeys = {"schema_version", "runs", "sweep"};

class Reader {
 public:
  Reader(const std::string& file, PlanProblems& problems) : stem_(std::filesystem::path(file).stem().string()), problems_(problems) {}

  std::vector<PlannedRun> Read(const YamlNode& root) {
    if (root.kind == YamlNode::Kind::kList) {
      ReadList(root, WrittenRun{});
    } else if (root.kind == YamlNode::Kind::kMap) {
      ReadTop(root);
    } else if (root.kind != YamlNode::Kind::kRefused) {
      AddProblem(problems_, root.place, "a plan must be a run, a list of runs, or a map with `runs` or `sweep`");
    }
    CheckNames();
    return std::move(runs_);
  }

 private:
  void ReadTop(const YamlNode& root) {
    CheckVersion(root);
    WrittenRun shared{.place = root.place};
    TakeFields(root, kTopKeys, shared, problems_);
    const YamlNode *runs = root.Find("runs"), *sweep = root.Find("sweep");
    if (runs != nullptr && sweep != nullptr) return AddProblem(problems_, sweep->place, "a plan must have `runs` or `sweep`, got both");
    if (runs != nullptr) return ReadList(*runs, shared);
    if (sweep != nullptr) return ReadSweep(*sweep, shared);
    Add(shared, stem_);
  }

  void CheckVersion(const YamlNode& root) {
    const YamlNode* const version = root.Find("schema_version");
    if (version != nullptr && version->text != "1") {
      AddProblem(problems_, version->place, absl::StrCat("schema_version must be 1, got ", version->text));
    }
  }

  void ReadList(const YamlNode& list, const WrittenRun& shared) {
    if (list.kind == YamlNode::Kind::kRefused) return;
    if (list.kind != YamlNode::Kind::kList || list.items.empty()) return AddProblem(problems_, list.place, "`runs` must be a list of at least one run");
    if (!CheckCount(list.items.size(), list.place)) return;
    for (size_t i = 0; i < list.items.size(); ++i) {
      const YamlNode& item = list.items[i];
      if (item.kind == YamlNode::Kind::kMap) {
        WrittenRun run = shared;
        run.place = item.place;
        TakeFields(item, {}, run, problems_);
        Add(run, absl::StrCat(stem_, "-", i + 1));
      } else if (item.kind != YamlNode::Kind::kRefused) {
        AddProblem(problems_, item.place, "a run must be a map of fields");
      }
    }
  }

  // One run for every combination, the last field's values changing fastest.
  void ReadSweep(const YamlNode& sweep, const WrittenRun& shared) {
    if (sweep.kind == YamlNode::Kind::kRefused) return;
    std::vector<const YamlEntry*> axes;
    size_t count = 1;
    for (const YamlEntry& entry : sweep.entries) {
      if (entry.value.kind != YamlNode::Kind::kList || entry.value.items.empty()) {
        return AddProblem(problems_, entry.place, absl::StrCat("sweep.", entry.key, " must be a list of values"));
      }
      axes.push_back(&entry);
      count *= entry.value.items.size();
      if (!CheckCount(count, entry.place)) return;
    }
    if (axes.empty()) return AddProblem(problems_, sweep.place, "`sweep` must be a map of fields with lists of values");
    for (size_t index = 0; index < count; ++index) AddCombination(axes, index, sweep.place, shared);
  }

  void AddCombination(const std::vector<const YamlEntry*>& axes, size_t index, const Place& place, const WrittenRun& shared) {
    YamlNode chosen{.kind = YamlNode::Kind::kMap, .place = place};
    for (auto axis = axes.rbegin(); axis != axes.rend(); ++axis) {
      const std::vector<YamlNode>& values = (*axis)->value.items;
      chosen.entries.insert(chosen.entries.begin(), {(*axis)->key, values[index % values.size()].place, values[index % values.size()]});
      index /= values.size();
    }
    WrittenRun run = shared;
    run.place = place;
    TakeFields(chosen, {}, run, problems_);
    std::string name;
    for (const YamlEntry& entry : chosen.entries) absl::StrAppend(&name, "-", entry.value.text);
    Add(run, stem_ + name);
  }

  bool CheckCount(size_t count, const Place& place) {
    if (count <= kGreatestPlanRunCount) return true;
    AddProblem(problems_, place, absl::StrCat("a plan must have at most ", kGreatestPlanRunCount, " runs, got ", count));
    return false;
  }

  void Add(const WrittenRun& written, const std::string& name) {
    PlannedRun run = PlannedRunOf(written, problems_);
    if (run.name.empty()) run.name = name;
    runs_.push_back(std::move(run));
  }

  void CheckNames() {
    std::set<std::string_view> names;
    for (const PlannedRun& run : runs_) {
      if (!names.insert(run.name).second) AddProblem(problems_, SourceOf(run, "name").place, absl::StrCat("name must be of one run only, got \"", run.name, "\" again"));
    }
  }

  std::string stem_;
  PlanProblems& problems_;
  std::vector<PlannedRun> runs_;
};

constexpr char kModelConfiguration[] = "config.json";

// The folder of a file whose name says nothing.
std::string NameByFile(const std::string& file) {
  const std::filesystem::path path(file);
  const bool plain = path.filename() == kModelConfiguration && path.has_parent_path();
  return plain ? path.parent_path().filename().string() : path.stem().string();
}

// A map without any key that a plan has, or nearly has.
bool IsNoPlan(const YamlNode& root) {
  std::vector<std::string_view> known = kTopKeys;
  known.push_back("waive");
  for (FieldGroup group : {FieldGroup::kArchitecture, FieldGroup::kSchedule, FieldGroup::kHardware}) known.push_back(FieldGroupName(group));
  for (const PlanField& field : PlanFields()) known.push_back(field.name);
  return !root.entries.empty() && std::none_of(root.entries.begin(), root.entries.end(), [&](const YamlEntry& entry) { return NearestWord(entry.key, known).has_value(); });
}

// In the order of the file, and each once: what stands at the top is a problem of every run.
void SortProblems(PlanProblems& problems) {
  const auto key = [](const PlanProblem& problem) { return std::tie(problem.place.file, problem.place.line, problem.place.column, problem.message); };
  std::stable_sort(problems.begin(), problems.end(), [&](const auto& a, const auto& b) { return key(a) < key(b); });
  problems.erase(std::unique(problems.begin(), problems.end(), [&](const auto& a, const auto& b) { return key(a) == key(b); }), problems.end());
}

}  // namespace

PlanReading ReadPlan(const std::string& text, const std::string& file, const PlanText* beside) {
  PlanReading reading;
  const PlanText plan{file, text};
  const PlanSyntax syntax = SyntaxOf(plan);
  PlanProblems extensions;  // Of YAML, which plans of our own do without.
  const YamlNode root = syntax == PlanSyntax::kYaml ? ReadYamlTree(text, file, reading.problems, &extensions) : YamlNode{};
  const bool framework = syntax != PlanSyntax::kYaml || FrameworkOf(root);
  if (!framework) reading.problems.insert(reading.problems.end(), extensions.begin(), extensions.end());
  if (framework) {
    PlannedRun run = ReadFrameworkRun(plan, syntax, syntax == PlanSyntax::kYaml ? &root : nullptr, beside, reading.problems);
    if (run.name.empty()) run.name = NameByFile(file);
    reading.runs.push_back(std::move(run));
  } else if (IsNoPlan(root)) {
    AddProblem(reading.problems, root.place, absl::StrCat("is none of the formats that are known: ", std::string(KnownPlanFormats())));
  } else {
    reading.runs = Reader(file, reading.problems).Read(root);
  }
  SortProblems(reading.problems);
  if (!reading.problems.empty()) reading.runs.clear();
  return reading;
}

std::vector<std::string> TrainingArgumentsFiles(const std::string& file) {
  const std::filesystem::path path(file);
  if (path.filename() != kModelConfiguration) return {};
  std::vector<std::string> files;
  for (const char* name : {"training_args.json", "training_args.yaml", "training_args.yml"}) files.push_back((path.parent_path() / name).string());
  return files;
}

}  // namespace isoflop
