#include "plugin/cli/check_flags.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace isoflop {
namespace {

void AddUnavailableFlags(CLI::App& command) {
  for (const std::string flag : {"--policy", "--output", "--diff", "--server", "--study", "--max-fit-age"}) {
    command.add_option_function<std::string>(
        flag, [flag](const std::string&) { throw CLI::ValidationError("isoflop check " + flag + " is not available yet"); }, "Not available yet");
  }
}

}  // namespace

void AddCheckFlags(CLI::App& command, CheckFlags& flags) {
  command.add_option("PLAN", flags.plan_paths, "Plans, YAML or JSON; - reads standard input");
  command.add_option("--fit", flags.fit_path, "What `isoflop fit --format json` printed; - reads standard input");
  command.add_option("--format", flags.format, "table or json")->capture_default_str()->check(CLI::IsMember({"table", "json"}));
  command.add_option("--fail-on", flags.fail_on, "What violates the policy: error or warning")
      ->capture_default_str()->check(CLI::IsMember({"error", "warning"}));
  command.add_option("--on-unknown", flags.on_unknown, "What it does where the evidence cannot judge: pass, warn or fail")
      ->capture_default_str()->check(CLI::IsMember({"pass", "warn", "fail"}));
  command.add_flag("--exit-zero", flags.exit_zero, "Exit 0 whatever the verdict; bad plans and wrong use stay 2");
  flags.explain = command.add_option("--explain", flags.explained_code, "Explain a code; without one, list them all")->expected(0, 1);
  AddUnavailableFlags(command);
}

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

}  // namespace isoflop
