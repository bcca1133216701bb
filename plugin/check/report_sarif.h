#ifndef ISOFLOP_PLUGIN_CHECK_REPORT_SARIF_H_
#define ISOFLOP_PLUGIN_CHECK_REPORT_SARIF_H_

#include <cstddef>
#include <nlohmann/json.hpp>

#include "plugin/check/check_plans.h"
#include "plugin/check/report_style.h"

namespace isoflop {

// GitHub keeps that many results of a run.
inline constexpr size_t kSarifResults = 5000;

// SARIF 2.1.0 (OASIS standard, 27 March 2020): a rule for every code, a result for every finding, worst first, suppressed where a waiver covers it.
// Of more than kSarifResults the rest is counted in a notification.
nlohmann::ordered_json SarifReport(const CheckReport& report, const ReportStyle& style);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_CHECK_REPORT_SARIF_H_
