#ifndef ISOFLOP_PLUGIN_CHECK_POLICY_TEXT_H_
#define ISOFLOP_PLUGIN_CHECK_POLICY_TEXT_H_

#include <string>

#include "plugin/check/check_plans.h"

namespace isoflop {

// "OFF_OPTIMUM wasted_share 0.3 (by default 0.25)".
std::string SettingText(const PolicySetting& setting);

// By what plans were judged: the policy's file and every way in which it differs from what holds without one.
std::string PolicySentence(const CheckReport& report);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_CHECK_POLICY_TEXT_H_
