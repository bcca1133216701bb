#ifndef ISOFLOP_PLUGIN_CHECK_DIFF_JSON_H_
#define ISOFLOP_PLUGIN_CHECK_DIFF_JSON_H_

#include <nlohmann/json.hpp>

#include "plugin/check/check_plans.h"

namespace isoflop {

// What `isoflop check --format json` prints under "diff": null where the report has none.
nlohmann::ordered_json DiffObject(const CheckReport& report);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_CHECK_DIFF_JSON_H_
