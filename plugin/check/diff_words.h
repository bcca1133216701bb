#ifndef ISOFLOP_PLUGIN_CHECK_DIFF_WORDS_H_
#define ISOFLOP_PLUGIN_CHECK_DIFF_WORDS_H_

#include <string>
#include <vector>

#include "plugin/check/check_plans.h"

namespace isoflop {

// What a diff says to people. The report has one.

// "compute +3.1e21 FLOPs (+12 %), 1 finding added, 2 fixed, 3 remain; 1 run changed".
std::string DiffSentence(const CheckReport& report);

// One figure of a run that is not what it was; of runs that are added or removed what they take only. Texts are empty where there is no figure.
struct FigureChange {
  std::string name, before, after, change;
};
std::vector<FigureChange> FigureChangesOf(const PlanChange& change, const CheckReport& report);

// "OFF_OPTIMUM, LATE".
std::string CodesText(const std::vector<Finding>& findings);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_CHECK_DIFF_WORDS_H_
