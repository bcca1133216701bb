#ifndef ISOFLOP_PLUGIN_CHECK_REPORT_TEXT_H_
#define ISOFLOP_PLUGIN_CHECK_REPORT_TEXT_H_

#include <string>

#include "plugin/check/check_plans.h"
#include "plugin/check/report_style.h"

namespace isoflop {

// For people: what is wrong with plans, a paragraph a run with its findings, what to change and its waivers; the verdict last.
std::string CheckText(const CheckReport& report, const ReportStyle& style = {});

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_CHECK_REPORT_TEXT_H_
