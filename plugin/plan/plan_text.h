#ifndef ISOFLOP_PLUGIN_PLAN_PLAN_TEXT_H_
#define ISOFLOP_PLUGIN_PLAN_PLAN_TEXT_H_

#include <cstddef>
#include <string>

#include "plugin/plan/plan_problem.h"

namespace isoflop {

inline constexpr size_t kGreatestPlanSize = 1 << 20;  // Bytes of a file.

// A plan as the command line reads it from a file and the service is sent it.
struct PlanText {
  std::string file;  // As places name it.
  std::string text;
};

// Of the byte at `offset`.
Place PlaceAt(const std::string& text, size_t offset, const std::string& file);

// Whether the bytes are text that a parser may see: at most kGreatestPlanSize of UTF-8, without NUL. A problem where they are not.
bool CheckPlanText(const std::string& text, const std::string& file, PlanProblems& problems);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_PLAN_PLAN_TEXT_H_
