#include "plugin/check/policy_file.h"

#include <fnmatch.h>

namespace isoflop {
namespace {

bool Matches(const std::string& pattern, const std::string& text) { return pattern.empty() || fnmatch(pattern.c_str(), text.c_str(), 0) == 0; }

}  // namespace

void PolicyFile::Apply(CheckOptions& options) const {
  for (const PolicySetting& setting : settings) options.policy.Apply(setting);
  options.fail_on = fail_on.value_or(options.fail_on);
  options.on_unknown = on_unknown.value_or(options.on_unknown);
}

Policy PolicyFile::PolicyForAll() const {
  CheckOptions options;
  Apply(options);
  return options.policy;
}

Policy PolicyFile::PolicyFor(const PlannedRun& run, const Policy& policy) const {
  Policy special = policy;
  for (const PolicyException& exception : exceptions) {
    if (!Matches(exception.name, run.name) || !Matches(exception.study, run.study)) continue;
    for (const PolicySetting& setting : exception.settings) special.Apply(setting);
  }
  return special;
}

}  // namespace isoflop
