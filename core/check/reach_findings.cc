#include <algorithm>

#include "absl/strings/str_format.h"
#include "core/base/significant_digits.h"
#include "core/check/amount_text.h"
#include "core/check/run_question.h"
#include "core/quantity/training_flops.h"

namespace isoflop {
namespace {

// A finding where `factor` lies past the policy's limit of that name; its texts are still to be written.
std::optional<Finding> Past(const RunQuestion& q, FindingCode code, std::string_view limit_name, double factor, std::string field) {
  const std::optional<double> limit = q.options.policy.limit(code, limit_name);
  if (!limit || factor <= *limit) return std::nullopt;
  return Finding{.code = code,
                 .field = std::move(field),
                 .limit_name = limit_name,
                 .limit = *limit,
                 .measures = {{.name = limit_name, .unit = "times", .value = {.estimate = RoundResult(factor)}}}};
}

void FindComputeReach(const RunQuestion& q, double least, double greatest) {
  const double flops = *q.check.training_flops;
  const std::optional<double> beyond = q.options.policy.limit(FindingCode::kBeyondEvidence, "compute_factor");
  if (auto finding = Past(q, FindingCode::kExtrapolation, "compute_factor", flops / greatest, "token_count"); finding && !(beyond && flops / greatest > *beyond)) {
    finding->message = absl::StrFormat("The plan takes %s times the compute of the largest run (limit %s).", PlainText(flops / greatest), PlainText(*finding->limit));
    finding->reason = absl::StrFormat("The largest run took %s FLOPs, the plan takes %s; what lies between is the law's word alone.", FlopsText(greatest), FlopsText(flops));
    q.Add(*std::move(finding));
  }
  if (q.run.for_evidence) return;  // Small runs are cheap evidence.
  if (auto finding = Past(q, FindingCode::kBelowRuns, "compute_factor", least / flops, "token_count")) {
    finding->message = absl::StrFormat("The smallest run took %s times the compute of the plan (limit %s).", PlainText(least / flops), PlainText(*finding->limit));
    finding->reason = "Small models leave the law sooner than its interval shows.";
    q.Add(*std::move(finding));
  }
}

void FindRatio(const RunQuestion& q) {
  const auto& ratios = q.evidence.token_parameter_ratios();
  if (!ratios || !q.check.parameter_count || !q.check.token_count) return;
  const double ratio = *q.check.token_count / *q.check.parameter_count;
  auto finding = Past(q, FindingCode::kTokensPerParameter, "ratio_factor", std::max(ratio / ratios->second, ratios->first / ratio), "token_count");
  if (!finding) return;
  finding->message = absl::StrFormat("The plan has %s tokens per parameter, the runs %s to %s (limit: %s times past them).", PlainText(ratio), PlainText(ratios->first),
                                     PlainText(ratios->second), PlainText(*finding->limit));
  finding->reason = "How size and tokens stand in for each other is known only where runs have tried it.";
  q.Add(*std::move(finding));
}

void FindFlopsDisagree(const RunQuestion& q) {
  if (!q.run.training_flops || !q.check.parameter_count || !q.check.token_count) return;
  const double expected = TrainingFlops(*q.check.parameter_count, *q.check.token_count), given = *q.run.training_flops;
  auto finding = Past(q, FindingCode::kFlopsDisagree, "factor", std::max(given / expected, expected / given), "training_flops");
  if (!finding) return;
  finding->message = absl::StrFormat("The plan says %s FLOPs; 6 N D is %s (limit: a factor %s).", FlopsText(given), FlopsText(expected), PlainText(*finding->limit));
  finding->reason = "The law's compute is 6 N D, so one of size, tokens and FLOPs is counted otherwise than the runs' were.";
  q.Add(*std::move(finding));
}

}  // namespace

void FindReach(const RunQuestion& q) {
  const std::optional<Region>& region = q.evidence.fit().region;
  if (q.check.training_flops && region && region->training_flops) FindComputeReach(q, region->training_flops->first, region->training_flops->second);
  if (!q.run.for_evidence) FindRatio(q);  // Ratios that no run has are what such a run is for.
  FindFlopsDisagree(q);
}

}  // namespace isoflop
