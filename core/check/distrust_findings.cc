#include <chrono>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "core/base/significant_digits.h"
#include "core/check/amount_text.h"
#include "core/check/run_question.h"

namespace isoflop {
namespace {

bool LawDistrusted(const RunQuestion& q) {
  if (q.evidence.distrust().empty()) return false;
  q.Add({.code = FindingCode::kLawNotTrusted,
         .field = "study",
         .message = absl::StrJoin(q.evidence.distrust(), " "),
         .reason = "Figures of such a law may be far off, so that neither praise nor blame of the plan would mean anything."});
  return true;
}

bool CountedOtherwise(const RunQuestion& q) {
  const ParameterConvention convention = q.evidence.fit().convention;
  if (!q.run.parameter_count || ParameterCountIn(q.run, convention)) return false;
  q.Add({.code = FindingCode::kMixedConventions,
         .field = "parameter_count",
         .message = absl::StrFormat("The plan counts parameters as %s, the fit as %s.", ParameterConventionName(q.run.parameter_convention),
                                    ParameterConventionName(convention)),
         .reason = "A small model has up to half of its parameters in embeddings: read in the other convention, the law answers for another model."});
  return true;
}

bool TooOld(const RunQuestion& q) {
  const std::optional<double> limit = q.options.policy.limit(FindingCode::kFitTooOld, "age_days");
  if (!limit) return false;
  Finding finding{.code = FindingCode::kFitTooOld, .field = "study", .limit_name = "age_days", .limit = *limit};
  if (!q.options.fit_time) {
    finding.message = absl::StrFormat("The fit does not say when it was made; at most %s days are allowed.", PlainText(*limit));
  } else {
    const double days = std::chrono::duration<double, std::ratio<86400>>(q.options.now - *q.options.fit_time).count();
    if (days <= *limit) return false;
    if (q.options.now_is_given) finding.measures.push_back({.name = "age_days", .unit = "days", .value = {.estimate = RoundResult(days)}});
    finding.message = absl::StrFormat("The fit is older than %s days.", PlainText(*limit));
  }
  finding.reason = "Runs that ended since then are not in it.";
  q.Add(std::move(finding));
  return true;
}

bool Beyond(const RunQuestion& q) {
  const Fit& fit = q.evidence.fit();
  const std::optional<double> limit = q.options.policy.limit(FindingCode::kBeyondEvidence, "compute_factor");
  if (!limit || !q.check.training_flops || !fit.region || !fit.region->training_flops) return false;
  const double factor = *q.check.training_flops / fit.region->training_flops->second;
  if (factor <= *limit) return false;
  q.Add({.code = FindingCode::kBeyondEvidence,
         .field = "token_count",
         .message = absl::StrFormat("The plan takes %s times the compute of the largest run; past %s times the law is not asked.", PlainText(factor),
                                    PlainText(*limit)),
         .reason = absl::StrFormat("The largest run took %s FLOPs, the plan takes %s.", FlopsText(fit.region->training_flops->second),
                                   FlopsText(*q.check.training_flops)),
         .limit_name = "compute_factor",
         .limit = *limit,
         .measures = {{.name = "compute_factor", .unit = "times", .value = {.estimate = RoundResult(factor)}}}});
  return true;
}

}  // namespace

bool FindDistrust(const RunQuestion& q) {
  bool readable = true;
  for (const auto& [found, code] : {std::pair{LawDistrusted(q), FindingCode::kLawNotTrusted},
                                    {CountedOtherwise(q), FindingCode::kMixedConventions},
                                    {TooOld(q), FindingCode::kFitTooOld},
                                    {Beyond(q), FindingCode::kBeyondEvidence}}) {
    readable = readable && !(found && q.CannotJudge(code));
  }
  return readable;
}

}  // namespace isoflop
