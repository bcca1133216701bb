#include "core/fit/prior_offer.h"

#include <algorithm>

#include "core/law/published_exponents.h"
#include "core/law/registry.h"

namespace isoflop {
namespace {

// From so many runs on a law stands or falls without a prior: FEW_RUNS is no error.
constexpr size_t kEnoughRuns = 8;

bool MayBeActedOn(const Fit& fit) { return fit.identified() && !HasError(fit.diagnostics); }

bool MayBeOffered(const std::vector<Observation>& observations, const Fit& fit) {
  if (observations.size() >= kEnoughRuns || !fit.published_prior.empty() || MayBeActedOn(fit)) return false;
  const absl::StatusOr<const Law*> law = FindLaw(fit.law);
  return law.ok() && TakesPublishedExponents(**law);
}

}  // namespace

std::optional<PriorOffer> OfferPublishedPrior(const std::vector<Observation>& observations, const Fit& fit) {
  if (!MayBeOffered(observations, fit)) return std::nullopt;
  const PublishedExponents published = FindPublishedExponents(kUsualPublishedExponents).value();
  const FitOptions options = {.law = fit.law,
                              .loss = fit.loss,
                              .huber_delta = fit.huber_delta,
                              .published_prior = std::string(published.name),
                              .convention = fit.convention};
  const absl::StatusOr<Fit> with = FitLaw(observations, options);
  if (!with.ok() || !MayBeActedOn(*with)) return std::nullopt;
  const auto prior = std::find_if(with->diagnostics.begin(), with->diagnostics.end(), [](const Diagnostic& one) { return one.code == "PRIOR"; });
  if (prior == with->diagnostics.end()) return std::nullopt;
  return PriorOffer{.name = options.published_prior, .source = std::string(published.source), .weight = prior->evidence.at("weight")};
}

}  // namespace isoflop
