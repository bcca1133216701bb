#ifndef ISOFLOP_PLUGIN_CHECK_REPORT_TEXT_H_
#define ISOFLOP_PLUGIN_CHECK_REPORT_TEXT_H_

#include <string>

#include "plugin/check/check_plans.h"

namespace isoflop {

struct TextStyle {
  bool problems = true;  // False: those of plans are told elsewhere.
};

// For people: what is wrong with plans, a paragraph a run with its findings, what to change and its waivers; the verdict last.
std::string CheckText(const CheckReport& report, const TextStyle& style = {});

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_CHECK_REPORT_TEXT_H_
