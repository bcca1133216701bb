#include <algorithm>
#include <string>

#include "absl/strings/str_format.h"
#include "core/check/amount_text.h"
#include "core/check/run_question.h"

namespace isoflop {
namespace {

Finding AboutWaiver(FindingCode code, const Waiver& waiver, std::string message) {
  return {.code = code, .field = "waive", .place = waiver.place, .message = std::move(message), .reason = absl::StrFormat("It was given for: %s", waiver.reason)};
}

}  // namespace

void ApplyWaivers(const RunQuestion& q) {
  std::vector<Finding> about_waivers;
  for (size_t i = 0; i < q.run.waivers.size(); ++i) {
    const Waiver& waiver = q.run.waivers[i];
    if (q.options.now >= std::chrono::sys_days(waiver.until) + std::chrono::days(1)) {
      about_waivers.push_back(
          AboutWaiver(FindingCode::kWaiverExpired, waiver, absl::StrFormat("The waiver of %s ended on %s at 24:00 UTC.", waiver.code, DateText(waiver.until))));
      continue;
    }
    bool used = false;
    for (Finding& finding : q.check.findings) {
      if (InfoOf(finding.code).name != waiver.code) continue;
      used = true;
      if (!finding.waiver) finding.waiver = i;
    }
    if (used) continue;
    about_waivers.push_back(AboutWaiver(FindingCode::kWaiverUnused, waiver, absl::StrFormat("The waiver of %s covers no finding.", waiver.code)));
  }
  for (Finding& finding : about_waivers) q.Add(std::move(finding));
}

}  // namespace isoflop
