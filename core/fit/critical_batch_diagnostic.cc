#include "core/fit/critical_batch_diagnostic.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_format.h"
#include "core/law/critical_batch.h"
#include "core/law/kaplan_ns.h"

namespace isoflop {

std::optional<Diagnostic> DiagnoseCriticalBatch(const Prepared& evidence, const Fit& fit) {
  if (dynamic_cast<const KaplanNs*>(evidence.law) == nullptr || !fit.identified()) return std::nullopt;
  const CriticalBatch batch{*fit.parameters[KaplanNs::kBStar].value.estimate, *fit.parameters[KaplanNs::kAlphaB].value.estimate};
  double least = INFINITY, greatest = 0;
  int above = 0;
  for (const LawInput& input : evidence.inputs) {
    const double critical = CriticalBatchTokenCount(batch, std::exp(input.log_response));
    least = std::min(least, critical);
    greatest = std::max(greatest, critical);
    above += std::exp(input[Quantity::kBatchTokenCount]) > critical;
  }
  return Diagnostic{.code = "CRITICAL_BATCH",
                    .severity = Severity::kInfo,
                    .title = "Critical batch size",
                    .message = absl::StrFormat("The critical batch grows from %.3g tokens at the runs' highest loss to %.3g at their lowest; "
                                               "%d of %d runs end with a larger batch.",
                                               least, greatest, above, evidence.inputs.size()),
                    .evidence = {{"least_critical_batch_token_count", least},
                                 {"greatest_critical_batch_token_count", greatest},
                                 {"larger_batch_run_count", static_cast<double>(above)}},
                    .effect = "At the critical batch a run takes twice the least steps and twice the least compute; above it, more compute than it "
                              "saves steps.",
                    .fix = "Where compute is short keep batches below it, where time is short above. Free B_star and alpha_B with --bounds where "
                           "the runs vary the batch."};
}

}  // namespace isoflop
