#include "core/fit/withheld_intervals.h"

#include <algorithm>

#include "core/fit/diagnostics.h"

namespace isoflop {
namespace {

constexpr const char* kWithheld = "INTERVALS_WITHHELD";

}  // namespace

std::optional<Diagnostic> FindWithholding(const Prepared& evidence, const std::vector<Diagnostic>& found) {
  if (!AxisIsFree(evidence, Axis::kParameterCount) || !AxisIsFree(evidence, Axis::kTokenCount)) return std::nullopt;
  const auto reason = std::find_if(found.begin(), found.end(), [](const Diagnostic& d) {
    return d.code == "CONSTANT_RATIO" && d.severity == Severity::kError;
  });
  if (reason == found.end()) return std::nullopt;
  return Diagnostic{.code = kWithheld,
                    .severity = Severity::kInfo,
                    .title = "No intervals",
                    .message = "No intervals are given: resampled runs share the constant ratio of tokens to parameters, agree with each other, and "
                               "would show a false certainty.",
                    .evidence = reason->evidence,
                    .effect = "Nothing says how far off the estimates are.",
                    .fix = reason->fix};
}

bool IntervalsWithheld(const std::vector<Diagnostic>& found) {
  return std::any_of(found.begin(), found.end(), [](const Diagnostic& d) { return d.code == kWithheld; });
}

}  // namespace isoflop
