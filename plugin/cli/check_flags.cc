#include "plugin/cli/check_flags.h"

#include <algorithm>
#include <chrono>

#include "absl/strings/str_cat.h"
#include "core/base/status.h"
#include "plugin/cli/fit_source.h"
#include "plugin/cli/source_date.h"
#include "plugin/plan/plan_number.h"

namespace isoflop {
namespace {

// Days, from "30d", "12h" or "30".
absl::StatusOr<double> AgeInDays(std::string_view text) {
  const std::string_view unit = text.empty() ? "" : text.substr(text.size() - 1);
  const bool hours = unit == "h";
  if (hours || unit == "d") text.remove_suffix(1);
  const absl::StatusOr<double> number = ParsePlanNumber(text, false);
  if (!number.ok()) return absl::InvalidArgumentError(absl::StrCat("--max-fit-age, which is such as 30d or 12h, ", number.status().message()));
  if (*number < 0) return absl::InvalidArgumentError(absl::StrCat("--max-fit-age must be at least 0, got ", *number));
  return hours ? *number / 24 : *number;
}

}  // namespace

void AddCheckFlags(CLI::App& command, CheckFlags& flags) {
  command.add_option("PLAN", flags.plan_paths, "Plans, YAML or JSON; - reads standard input");
  CLI::Option* fit = command.add_option("--fit", flags.fit_path, "What `isoflop export` or `isoflop fit --format json` printed; - reads standard input");
  command.add_option("--study", flags.study, "Instead of --fit: a study of a running `isoflop serve`, by its id or its name in the tracker; without it the one that the plans name")
      ->excludes(fit);
  command.add_option("--server", flags.server, absl::StrCat("Where that listens: HOST:PORT or unix:/ABSOLUTE/PATH; ", UsualServer(), " by default"))->excludes(fit);
  command.add_option("--hyperparameters", flags.hyperparameter_paths, "Fits of learning_rate or batch_size, which judge those of the plans, in the place of the study's own")
      ->delimiter(',');
  command.add_option("--policy", flags.policy_path, "Severities and limits, YAML or JSON; flags win over it");
  command.add_option("--diff", flags.diff_base, "The plans as they were: a folder that holds them at the same relative paths, or a file; says what changed");
  AddOutputFlags(command, flags.output);
  command.add_option("--fail-on", flags.fail_on, "What violates the policy: error (default) or warning")
      ->check(CLI::IsMember({"error", "warning"}));
  command.add_option("--on-unknown", flags.on_unknown, "What it does where the evidence cannot judge: pass, warn or fail (default)")
      ->check(CLI::IsMember({"pass", "warn", "fail"}));
  command.add_option("--max-fit-age", flags.max_fit_age, "How old the fit may be, such as 30d or 12h, by its create_time; older ones cannot judge");
  command.add_flag("--record", flags.record, "Keep the plans in the study, to be compared with the runs that follow them; for what will be run, not for proposals")->excludes(fit);
  command.add_flag("--exit-zero", flags.exit_zero, "Exit 0 whatever the verdict; bad plans and wrong use stay 2");
  flags.explain = command.add_option("--explain", flags.explained_code, "Explain a code, with what --policy makes of it; without one, list them all")->expected(0, 1);
  command.add_flag("--policy-schema", flags.policy_schema, "Print the JSON Schema of policies");
}

std::vector<std::string> InputPaths(const CheckFlags& flags) {
  std::vector<std::string> paths = flags.plan_paths;
  paths.insert(paths.end(), flags.hyperparameter_paths.begin(), flags.hyperparameter_paths.end());
  paths.insert(paths.end(), {flags.fit_path, flags.policy_path});
  return paths;
}

absl::Status CheckInputs(const CheckFlags& flags) {
  if (flags.plan_paths.empty()) return absl::InvalidArgumentError("a plan is missing");
  if (flags.fit_path.empty() && flags.study.empty() && flags.server.empty()) {
    return absl::InvalidArgumentError("--fit is missing, or --study or --server");
  }
  if (flags.record && flags.policy_path == "-") return absl::InvalidArgumentError("--record needs --policy in a file, not on standard input");
  const std::vector<std::string> paths = InputPaths(flags);
  return std::count(paths.begin(), paths.end(), "-") <= 1 ? absl::OkStatus()
                                                          : absl::InvalidArgumentError("only one of the files can be standard input (-)");
}

absl::StatusOr<CheckOptions> OptionsOf(const CheckFlags& flags, const PolicyFile& policy) {
  CheckOptions options;
  policy.Apply(options);
  options.fail_on = ParseFindingSeverity(flags.fail_on).value_or(options.fail_on);
  options.on_unknown = ParseOnUnknown(flags.on_unknown).value_or(options.on_unknown);
  if (!flags.max_fit_age.empty()) {
    ASSIGN_OR_RETURN(const double days, AgeInDays(flags.max_fit_age));
    options.policy.set_limit(FindingCode::kFitTooOld, "age_days", days);
  }
  ASSIGN_OR_RETURN(const std::optional<std::chrono::sys_seconds> given, SourceDate());
  options.now = given.value_or(std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()));
  options.now_is_given = given.has_value();
  return options;
}

}  // namespace isoflop
