#include "plugin/cli/check.h"

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>
#include <set>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "core/base/status.h"
#include "core/base/utf8.h"
#include "plugin/check/check_plans.h"
#include "plugin/check/explain_finding.h"
#include "plugin/check/explain_json.h"
#include "plugin/check/one_line.h"
#include "plugin/check/policy_reader.h"
#include "plugin/check/policy_schema.h"
#include "plugin/cli/check_flags.h"
#include "plugin/cli/check_source.h"
#include "plugin/cli/diff_base.h"
#include "plugin/cli/exit_code.h"
#include "plugin/cli/input_file.h"
#include "plugin/cli/record_plans.h"
#include "plugin/plan/plan_reader.h"

namespace isoflop {
namespace {

// With the training arguments beside each Hugging Face config.json, unless some are named already.
std::vector<std::string> WithTrainingArguments(std::vector<std::string> paths) {
  const std::vector<std::string> named = paths;
  for (const std::string& path : named) {
    const std::vector<std::string> files = TrainingArgumentsFiles(path);
    const auto known = [&](const std::string& file) { return std::find(paths.begin(), paths.end(), file) != paths.end(); };
    if (std::any_of(files.begin(), files.end(), known)) continue;
    std::error_code unreadable;
    const auto found = std::find_if(files.begin(), files.end(), [&](const std::string& file) { return std::filesystem::exists(file, unreadable); });
    if (found != files.end()) paths.push_back(*found);
  }
  return paths;
}

// Each file once. Adds a problem for every one that cannot be read.
std::vector<PlanText> ReadPlanFiles(const std::vector<std::string>& paths, PlanProblems& problems) {
  std::vector<PlanText> plans;
  std::set<std::string> read;
  for (const std::string& path : paths) {
    if (!read.insert(path).second) continue;
    const std::string file = MendUtf8(InputFileName(path));
    absl::StatusOr<std::string> text = ReadInputFile(path);
    if (text.ok()) {
      plans.push_back({file, *std::move(text)});
    } else {
      AddProblem(problems, Place(file), std::string(absl::StripPrefix(text.status().message(), path + ": ")));
    }
  }
  return plans;
}

// Adds a problem for everything in it that cannot be taken.
PolicyFile ReadPolicyFile(const std::string& path, PlanProblems& problems) {
  PolicyFile policy;
  if (path.empty()) return policy;
  for (const PlanText& text : ReadPlanFiles({path}, problems)) {
    PolicyReading reading = ReadPolicy(text.text, text.file);
    problems.insert(problems.end(), reading.problems.begin(), reading.problems.end());
    policy = std::move(reading.policy);
  }
  return policy;
}

// Says on standard error what is wrong, whatever the outputs say; whether anything is.
bool Refused(const PlanProblems& problems) {
  for (const PlanProblem& problem : problems) std::cerr << OneLine(ProblemText(problem)) << "\n";
  return !problems.empty();
}

int ExitCodeOfVerdict(CheckVerdict verdict) {
  switch (verdict) {
    case CheckVerdict::kViolated: return kPolicyViolated;
    case CheckVerdict::kCannotJudge: return kThinEvidence;
    case CheckVerdict::kBadPlan: return kWrongUse;
    case CheckVerdict::kPass: break;
  }
  return kDone;
}

// Files that are in the base only are plans where they can be read as such.
absl::StatusOr<CheckDiff> DiffFrom(const CheckFlags& flags, const CheckReport& report, const FitSnapshot& snapshot) {
  ASSIGN_OR_RETURN(const BasePlans base, ReadBasePlans(flags.diff_base, WithTrainingArguments(flags.plan_paths)));
  PlansReading before = ReadPlans(base.plans), others = ReadPlans(base.others);
  std::move(others.runs.begin(), others.runs.end(), std::back_inserter(before.runs));
  CheckReport judged = CheckPlans(std::move(before), snapshot, report.options, report.policy);
  return CompareChecks(std::move(judged.runs), std::move(judged.problems), report.runs);
}

absl::StatusOr<int> JudgePlans(const CheckFlags& flags) {
  RETURN_IF_ERROR(CheckInputs(flags));
  ASSIGN_OR_RETURN(const OutputPlan outputs, OutputPlanOf(flags.output, InputPaths(flags)));
  PlanProblems problems;
  const PolicyFile policy = ReadPolicyFile(flags.policy_path, problems);
  const bool bad_policy = !problems.empty();
  const std::vector<PlanText> texts = ReadPlanFiles(WithTrainingArguments(flags.plan_paths), problems);
  PlansReading plans = ReadPlans(texts);
  plans.problems.insert(plans.problems.begin(), problems.begin(), problems.end());
  if (bad_policy) plans.runs.clear();
  Refused(plans.problems);
  const auto said = static_cast<ptrdiff_t>(plans.problems.size());
  ASSIGN_OR_RETURN(const CheckOptions options, OptionsOf(flags, policy));
  ASSIGN_OR_RETURN(const FitSnapshot snapshot, FindSnapshot(flags, plans.runs));
  CheckReport report = CheckPlans(std::move(plans), snapshot, options, policy);
  Refused({report.problems.begin() + said, report.problems.end()});  // Plans of other studies.
  if (!flags.diff_base.empty()) {
    ASSIGN_OR_RETURN(report.diff, DiffFrom(flags, report, snapshot));
  }
  RETURN_IF_ERROR(WriteOutputs(report, outputs, flags.output));
  if (flags.record && report.problems.empty()) RETURN_IF_ERROR(RecordPlans(flags, texts, report, snapshot));
  const int code = ExitCodeOfVerdict(report.verdict());
  return flags.exit_zero && code != kWrongUse ? kDone : code;
}

absl::StatusOr<int> Explain(const CheckFlags& flags) {
  const std::string& name = flags.explained_code;
  const std::optional<FindingCode> code = FindFindingCode(name);
  if (!code && !name.empty()) {
    return absl::InvalidArgumentError(absl::StrCat("--explain must be a code that `isoflop check --explain` lists, got \"", name, "\""));
  }
  PlanProblems problems;
  const PolicyFile policy = ReadPolicyFile(flags.policy_path, problems);
  if (Refused(problems)) return kWrongUse;
  if (flags.output.format == "json") {
    std::cout << FindingCodesDocument(code ? std::vector{*code} : AllFindingCodes(), policy.PolicyForAll()).dump() << "\n";
  } else {
    std::cout << (code ? ExplainFinding(*code, policy) : FindingCodeList(policy));
  }
  return kDone;
}

int RunCheckCommand(const CheckFlags& flags) {
  if (flags.policy_schema) {
    std::cout << PolicySchema().dump(2) << "\n";
    return kDone;
  }
  const absl::StatusOr<int> code = flags.explain->count() > 0 ? Explain(flags) : JudgePlans(flags);
  if (code.ok()) return *code;
  std::cerr << "isoflop check: " << code.status().message() << "\n";
  return ExitCodeOf(code.status());
}

}  // namespace

void AddCheckCommand(CLI::App& app, int* exit_code) {
  auto flags = std::make_shared<CheckFlags>();
  CLI::App* command = app.add_subcommand("check", "Judge planned runs against a fit");
  AddCheckFlags(*command, *flags);
  command->footer(
      "Example:\n  isoflop check plan.yaml --fit fit.json\n  isoflop check plans/*.yaml --fit fit.json --format json --fail-on warning\n"
      "  isoflop check plan.yaml --fit fit.json --policy policy.yaml\n"
      "  isoflop check plan.yaml --server 127.0.0.1:9911 --study my-experiment\n"
      "  isoflop check plan.yaml --fit fit.json --hyperparameters learning_rate.json,batch_size.json\n"
      "  isoflop check plan.yaml --server 127.0.0.1:9911 --study my-experiment --record --exit-zero\n"
      "  isoflop check - --fit fit.json < plan.yaml\n  isoflop check --explain OFF_OPTIMUM\n"
      "  isoflop check model/config.json train_gpt2.py llama3_8b.toml train_175b.sh tinyllama.yaml --fit fit.json\n\n"
      "A plan is YAML or JSON of our own (`isoflop plan schema`), or a training framework's file as it is: Hugging Face's config.json, with the\n"
      "training arguments in the same file or in training_args.json or .yaml beside it, litgpt's YAML of pretraining, Megatron-LM's arguments in a\n"
      "shell script or YAML, nanoGPT's configuration, torchtitan's TOML. No script is run. What a framework has no setting for is said in fields of\n"
      "plans: under the key \"isoflop\" in JSON, in comments elsewhere:\n"
      "  # isoflop: study: pretraining\n"
      "  # isoflop: hardware: {gpu_count: 64}\n\n"
      "With --fit no network is used; what `isoflop export` printed gives the bytes that the study gave then. No output holds a time of day.\n"
      "SOURCE_DATE_EPOCH says when waivers are held against their end; without it the clock does.\n\n"
      "Exit codes: 0 pass, 1 policy violated, 2 bad plan or wrong use, 3 the evidence cannot judge,\n"
      "4 the server cannot be reached.");
  command->callback([flags, exit_code] { *exit_code = RunCheckCommand(*flags); });
}

}  // namespace isoflop
