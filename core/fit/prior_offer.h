#ifndef ISOFLOP_CORE_FIT_PRIOR_OFFER_H_
#define ISOFLOP_CORE_FIT_PRIOR_OFFER_H_

#include <optional>
#include <string>
#include <vector>

#include "core/fit/fit.h"
#include "core/fit/observation.h"

namespace isoflop {

// A published law that could stand in for runs that a study does not have yet.
struct PriorOffer {
  std::string name;    // As FitOptions::published_prior takes it.
  std::string source;  // For people.
  double weight = 0;   // Of core/fit/prior_diagnostic.h: the share of the exponents that would come from it.
};

// Nothing where `fit`, the law of these runs without a prior, may be acted on as it is, or could not be with the prior either: an ERROR would stand.
std::optional<PriorOffer> OfferPublishedPrior(const std::vector<Observation>& observations, const Fit& fit);

}  // namespace isoflop

#endif  // ISOFLOP_CORE_FIT_PRIOR_OFFER_H_
