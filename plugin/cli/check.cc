#include "plugin/cli/check.h"

#include <iostream>
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "core/base/status.h"
#include "plugin/check/check_plans.h"
#include "plugin/check/explain_finding.h"
#include "plugin/check/explain_json.h"
#include "plugin/check/report_json.h"
#include "plugin/check/report_text.h"
#include "plugin/cli/check_flags.h"
#include "plugin/cli/exit_code.h"
#include "plugin/cli/fit_source.h"
#include "plugin/cli/input_file.h"

namespace isoflop {
namespace {

// Adds a problem for every file that cannot be read.
std::vector<PlanText> ReadPlanFiles(const std::vector<std::string>& paths, PlanProblems& problems) {
  std::vector<PlanText> plans;
  for (const std::string& path : paths) {
    absl::StatusOr<std::string> text = ReadInputFile(path);
    if (text.ok()) {
      plans.push_back({InputFileName(path), *std::move(text)});
    } else {
      AddProblem(problems, Place(InputFileName(path)), std::string(absl::StripPrefix(text.status().message(), path + ": ")));
    }
  }
  return plans;
}

int ExitCodeOf(CheckVerdict verdict) {
  switch (verdict) {
    case CheckVerdict::kViolated: return kPolicyViolated;
    case CheckVerdict::kCannotJudge: return kThinEvidence;
    default: return kDone;
  }
}

absl::StatusOr<int> JudgePlans(const CheckFlags& flags) {
  RETURN_IF_ERROR(CheckInputs(flags));
  ASSIGN_OR_RETURN(const CheckOptions options, OptionsOf(flags));
  PlanProblems problems;
  PlansReading plans = ReadPlans(ReadPlanFiles(flags.plan_paths, problems));
  problems.insert(problems.end(), plans.problems.begin(), plans.problems.end());
  for (const PlanProblem& problem : problems) std::cerr << ProblemText(problem) << "\n";
  if (!problems.empty()) return kWrongUse;
  ASSIGN_OR_RETURN(const Fit fit, ReadFitFile(flags.fit_path));
  const CheckReport report = CheckPlans(std::move(plans.runs), Evidence(fit), options);
  std::cout << (flags.format == "json" ? CheckDocument(report).dump() + "\n" : CheckText(report));
  return flags.exit_zero ? kDone : ExitCodeOf(report.verdict());
}

absl::StatusOr<int> Explain(const std::string& name, bool as_json) {
  const std::optional<FindingCode> code = FindFindingCode(name);
  if (!code && !name.empty()) {
    return absl::InvalidArgumentError(absl::StrCat("--explain must be a code that `isoflop check --explain` lists, got \"", name, "\""));
  }
  if (as_json) {
    std::cout << FindingCodesDocument(code ? std::vector{*code} : AllFindingCodes()).dump() << "\n";
  } else {
    std::cout << (code ? ExplainFinding(*code) : FindingCodeList());
  }
  return kDone;
}

int RunCheckCommand(const CheckFlags& flags) {
  const absl::StatusOr<int> code =
      flags.explain->count() > 0 ? Explain(flags.explained_code, flags.format == "json") : JudgePlans(flags);
  if (code.ok()) return *code;
  std::cerr << "isoflop check: " << code.status().message() << "\n";
  return kWrongUse;
}

}  // namespace

void AddCheckCommand(CLI::App& app, int* exit_code) {
  auto flags = std::make_shared<CheckFlags>();
  CLI::App* command = app.add_subcommand("check", "Judge planned runs against a fit");
  AddCheckFlags(*command, *flags);
  command->footer(
      "Example:\n  isoflop check plan.yaml --fit fit.json\n  isoflop check plans/*.yaml --fit fit.json --format json --fail-on warning\n"
      "  isoflop check - --fit fit.json < plan.yaml\n  isoflop check --explain OFF_OPTIMUM\n\n"
      "No network is used, and no output holds a time of day. SOURCE_DATE_EPOCH says when waivers are held against their end; without it\n"
      "the clock does.\n\n"
      "Exit codes: 0 pass, 1 policy violated, 2 bad plan or wrong use, 3 the evidence cannot judge.");
  command->callback([flags, exit_code] { *exit_code = RunCheckCommand(*flags); });
}

}  // namespace isoflop
