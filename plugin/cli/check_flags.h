#ifndef ISOFLOP_PLUGIN_CLI_CHECK_FLAGS_H_
#define ISOFLOP_PLUGIN_CLI_CHECK_FLAGS_H_

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/check/check_run.h"
#include "plugin/check/policy_file.h"
#include "plugin/cli/check_outputs.h"

namespace isoflop {

struct CheckFlags {
  OutputFlags output;
  std::vector<std::string> plan_paths;
  std::string fit_path;       // Empty: the study's.
  std::string server, study;  // The study: an id or a name; empty: the one that the plans name.
  std::vector<std::string> hyperparameter_paths;  // Empty: those that come with the fit.
  std::string policy_path;
  std::string diff_base;  // Empty: none.
  std::string fail_on, on_unknown, max_fit_age;  // Empty: the policy's.
  const CLI::Option* explain = nullptr;  // Whether it was given.
  std::string explained_code;            // Empty: all.
  bool policy_schema = false;
  bool exit_zero = false;
  bool record = false;
};

// `flags` must outlive the command.
void AddCheckFlags(CLI::App& command, CheckFlags& flags);

// All that is read but for the server.
std::vector<std::string> InputPaths(const CheckFlags& flags);

// InvalidArgument where no plan is named, or neither a fit nor a study of a server, or standard input is to be read twice.
absl::Status CheckInputs(const CheckFlags& flags);

// What the policy says, unless a flag does, with the clock or SOURCE_DATE_EPOCH; InvalidArgument where that is no time, or --max-fit-age no age.
absl::StatusOr<CheckOptions> OptionsOf(const CheckFlags& flags, const PolicyFile& policy);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_CLI_CHECK_FLAGS_H_
