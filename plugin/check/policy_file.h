#ifndef ISOFLOP_PLUGIN_CHECK_POLICY_FILE_H_
#define ISOFLOP_PLUGIN_CHECK_POLICY_FILE_H_

#include <optional>
#include <string>
#include <vector>

#include "core/check/check_run.h"

namespace isoflop {

// Runs that a policy holds to something else.
struct PolicyException {
  // Patterns of the shell (*, ?, [a-z]); empty: any. A run that both match is meant.
  std::string name;
  std::string study;
  std::vector<PolicySetting> settings;
};

// What a policy's file says.
struct PolicyFile {
  std::string file;  // As places name it; empty: there is none.
  std::optional<FindingSeverity> fail_on;
  std::optional<OnUnknown> on_unknown;
  std::vector<PolicySetting> settings;
  std::vector<PolicyException> exceptions;  // The last that means a run wins.

  // Sets what the file says of all runs.
  void Apply(CheckOptions& options) const;

  // What all runs are held to but for exceptions.
  Policy PolicyForAll() const;

  // What `run` is held to, where `policy` holds for all.
  Policy PolicyFor(const PlannedRun& run, const Policy& policy) const;
};

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_CHECK_POLICY_FILE_H_
