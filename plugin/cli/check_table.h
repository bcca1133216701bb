#ifndef ISOFLOP_PLUGIN_CLI_CHECK_TABLE_H_
#define ISOFLOP_PLUGIN_CLI_CHECK_TABLE_H_

#include <string>
#include <vector>

#include "plugin/document/check_document.h"

namespace isoflop {

// For people: a paragraph a run, with its findings, what to change and its waivers; the verdict last.
std::string CheckTable(const std::vector<CheckedRun>& runs);

// What a code means, how it is found, what can be done and its limits.
std::string ExplainFinding(FindingCode code);

// Every code with its severity and title.
std::string FindingCodeList();

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_CLI_CHECK_TABLE_H_
