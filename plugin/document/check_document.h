#ifndef ISOFLOP_PLUGIN_DOCUMENT_CHECK_DOCUMENT_H_
#define ISOFLOP_PLUGIN_DOCUMENT_CHECK_DOCUMENT_H_

#include <nlohmann/json.hpp>
#include <vector>

#include "core/check/check_run.h"

namespace isoflop {

struct CheckedRun {
  PlannedRun plan;
  RunCheck check;
};

// The worst of the runs.
CheckVerdict VerdictOf(const std::vector<CheckedRun>& runs);

// What `isoflop check --format json` prints. Without a time of day; absent quantities are null.
nlohmann::ordered_json CheckDocument(const Fit& fit, const std::vector<CheckedRun>& runs);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_DOCUMENT_CHECK_DOCUMENT_H_
