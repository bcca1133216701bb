#ifndef ISOFLOP_PLUGIN_CHECK_REPORT_GITLAB_H_
#define ISOFLOP_PLUGIN_CHECK_REPORT_GITLAB_H_

#include <nlohmann/json.hpp>

#include "plugin/check/check_plans.h"
#include "plugin/check/report_style.h"

namespace isoflop {

// GitLab's code quality report (docs.gitlab.com/ci/testing/code_quality): plans that cannot be read are blockers, errors critical, warnings minor,
// notes and what is waived info.
nlohmann::ordered_json GitLabReport(const CheckReport& report, const ReportStyle& style);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_CHECK_REPORT_GITLAB_H_
