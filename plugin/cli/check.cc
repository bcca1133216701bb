#include "plugin/cli/check.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <memory>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "core/base/status.h"
#include "plugin/check/check_plans.h"
#include "plugin/check/explain_finding.h"
#include "plugin/check/report_json.h"
#include "plugin/check/report_text.h"
#include "plugin/cli/exit_code.h"
#include "plugin/cli/fit_source.h"
#include "plugin/cli/input_file.h"

namespace isoflop {
namespace {

struct CheckFlags {
  std::vector<std::string> plan_paths;
  std::string fit_path;
  std::string format = "table", fail_on = "error", on_unknown = "fail";
  std::string explained_code;
  bool explain = false;
  bool exit_zero = false;
};

absl::Status CheckInputs(const CheckFlags& flags) {
  if (flags.plan_paths.empty()) return absl::InvalidArgumentError("a plan is missing");
  if (flags.fit_path.empty()) return absl::InvalidArgumentError("--fit is missing");
  const auto from_input = std::count(flags.plan_paths.begin(), flags.plan_paths.end(), "-") + (flags.fit_path == "-" ? 1 : 0);
  return from_input <= 1 ? absl::OkStatus() : absl::InvalidArgumentError("only one of the plans and --fit can be standard input (-)");
}

absl::StatusOr<CheckOptions> OptionsOf(const CheckFlags& flags) {
  CheckOptions options;
  options.fail_on = *ParseFindingSeverity(flags.fail_on);
  options.on_unknown = flags.on_unknown == "pass" ? OnUnknown::kPass : flags.on_unknown == "warn" ? OnUnknown::kWarn : OnUnknown::kFail;
  options.now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  if (const char* epoch = std::getenv("SOURCE_DATE_EPOCH")) {
    int64_t seconds = 0;
    if (!absl::SimpleAtoi(epoch, &seconds) || seconds < 0) {
      return absl::InvalidArgumentError(absl::StrCat("SOURCE_DATE_EPOCH must be a whole number of seconds from 0, got \"", epoch, "\""));
    }
    options.now = std::chrono::sys_seconds(std::chrono::seconds(seconds));
    options.now_is_given = true;
  }
  return options;
}

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

absl::StatusOr<int> Explain(const std::string& name) {
  if (name.empty()) {
    std::cout << FindingCodeList();
    return kDone;
  }
  const std::optional<FindingCode> code = FindFindingCode(name);
  if (!code) return absl::InvalidArgumentError(absl::StrCat("--explain must be a code that `isoflop check --explain` lists, got \"", name, "\""));
  std::cout << ExplainFinding(*code);
  return kDone;
}

int RunCheckCommand(const CheckFlags& flags) {
  const absl::StatusOr<int> code = flags.explain ? Explain(flags.explained_code) : JudgePlans(flags);
  if (code.ok()) return *code;
  std::cerr << "isoflop check: " << code.status().message() << "\n";
  return kWrongUse;
}

void AddUnavailableFlags(CLI::App& command) {
  for (const std::string flag : {"--policy", "--output", "--diff", "--server", "--study", "--max-fit-age"}) {
    command.add_option_function<std::string>(
        flag, [flag](const std::string&) { throw CLI::ValidationError("isoflop check " + flag + " is not available yet"); }, "Not available yet");
  }
}

}  // namespace

void AddCheckCommand(CLI::App& app, int* exit_code) {
  auto flags = std::make_shared<CheckFlags>();
  CLI::App* command = app.add_subcommand("check", "Judge planned runs against a fit");
  command->add_option("PLAN", flags->plan_paths, "Plans, YAML or JSON; - reads standard input");
  command->add_option("--fit", flags->fit_path, "What `isoflop fit --format json` printed; - reads standard input");
  command->add_option("--format", flags->format, "table or json")->capture_default_str()->check(CLI::IsMember({"table", "json"}));
  command->add_option("--fail-on", flags->fail_on, "What violates the policy: error or warning")
      ->capture_default_str()->check(CLI::IsMember({"error", "warning"}));
  command->add_option("--on-unknown", flags->on_unknown, "What it does where the evidence cannot judge: pass, warn or fail")
      ->capture_default_str()->check(CLI::IsMember({"pass", "warn", "fail"}));
  command->add_flag("--exit-zero", flags->exit_zero, "Exit 0 whatever the verdict; bad plans and wrong use stay 2");
  CLI::Option* explain = command->add_option("--explain", flags->explained_code, "Explain a code; without one, list them all")->expected(0, 1);
  AddUnavailableFlags(*command);
  command->footer(
      "Example:\n  isoflop check plan.yaml --fit fit.json\n  isoflop check plans/*.yaml --fit fit.json --format json --fail-on warning\n"
      "  isoflop check - --fit fit.json < plan.yaml\n  isoflop check --explain OFF_OPTIMUM\n\n"
      "No network is used, and no output holds a time of day. SOURCE_DATE_EPOCH says when waivers are held against their end; without it\n"
      "the clock does.\n\n"
      "Exit codes: 0 pass, 1 policy violated, 2 bad plan or wrong use, 3 the evidence cannot judge.");
  command->callback([flags, explain, exit_code] {
    flags->explain = explain->count() > 0;
    *exit_code = RunCheckCommand(*flags);
  });
}

}  // namespace isoflop
