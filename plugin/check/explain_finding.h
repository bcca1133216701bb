#ifndef ISOFLOP_PLUGIN_CHECK_EXPLAIN_FINDING_H_
#define ISOFLOP_PLUGIN_CHECK_EXPLAIN_FINDING_H_

#include <string>

#include "plugin/check/policy_file.h"

namespace isoflop {

// What a code means, how it is found, what can be done and its limits, with what the policy makes of them.
std::string ExplainFinding(FindingCode code, const PolicyFile& policy);

// Every code with its severity by the policy and its title.
std::string FindingCodeList(const PolicyFile& policy);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_CHECK_EXPLAIN_FINDING_H_
