#ifndef ISOFLOP_PLUGIN_CHECK_REPORT_WORDS_H_
#define ISOFLOP_PLUGIN_CHECK_REPORT_WORDS_H_

#include <string>

#include "plugin/check/check_plans.h"

namespace isoflop {

// Sentences that several outputs for people share.

// "pass", "can't judge", "violated" or "bad plan".
std::string VerdictText(CheckVerdict verdict);

// "policy violated by 1 of 3 runs".
std::string VerdictSentence(const CheckReport& report);

// "2 errors, 1 warning, 1 waived.", or "Nothing found."
std::string CountsSentence(const CheckReport& report);

// What leads a suggested edit: "Try", or "Perhaps" where the runs do not settle that it is better.
std::string EditWord(const Finding& finding);

// "holds", "expired" or "covers nothing".
std::string WaiverStateText(const Waiver& waiver, const CheckedRun& run);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_CHECK_REPORT_WORDS_H_
