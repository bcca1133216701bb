#ifndef ISOFLOP_PLUGIN_CHECK_EXPLAIN_FINDING_H_
#define ISOFLOP_PLUGIN_CHECK_EXPLAIN_FINDING_H_

#include <string>

#include "core/check/finding_code.h"

namespace isoflop {

// What a code means, how it is found, what can be done and its limits.
std::string ExplainFinding(FindingCode code);

// Every code with its severity and title.
std::string FindingCodeList();

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_CHECK_EXPLAIN_FINDING_H_
