#ifndef ISOFLOP_PLUGIN_CHECK_REPORT_JSON_H_
#define ISOFLOP_PLUGIN_CHECK_REPORT_JSON_H_

#include <nlohmann/json.hpp>

#include "plugin/check/check_plans.h"

namespace isoflop {

// What `isoflop check --format json` prints. Absent quantities are null.
nlohmann::ordered_json CheckDocument(const CheckReport& report);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_CHECK_REPORT_JSON_H_
