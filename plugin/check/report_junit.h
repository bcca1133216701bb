#ifndef ISOFLOP_PLUGIN_CHECK_REPORT_JUNIT_H_
#define ISOFLOP_PLUGIN_CHECK_REPORT_JUNIT_H_

#include <string>

#include "plugin/check/check_plans.h"
#include "plugin/check/report_style.h"

namespace isoflop {

// JUnit's XML as Jenkins takes it (xunit-plugin, junit-10.xsd): a suite a plan, a test case for every run and code, there whether or not it is found,
// so that hosts can compare two reports case by case. A failure violates the policy; an error is a plan that cannot be read or a question that cannot
// be judged; skipped is what a waiver covers, the policy switches off, or the law is not asked. What else was found stands in a passed case's output.
std::string JUnitReport(const CheckReport& report, const ReportStyle& style);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_CHECK_REPORT_JUNIT_H_
