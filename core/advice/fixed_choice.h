#ifndef ISOFLOP_CORE_ADVICE_FIXED_CHOICE_H_
#define ISOFLOP_CORE_ADVICE_FIXED_CHOICE_H_

#include <optional>

#include "core/advice/loss_target.h"

namespace isoflop {

// A fixed size N or fixed tokens D, on new tokens, and the other quantity that goes with it. Every figure is rounded by RoundResult.
struct FixedChoice {
  std::optional<double> parameter_count, token_count;  // The one that is fixed.
  // With the other such that both are the best split of their compute: C = (N / parameter_coefficient)^(1 / a), or (D / token_coefficient)^(1 / b)
  // (core/law/additive_law.h), and 6 N D = C.
  WayToLoss best;
  Interval loss_nats_per_token;  // Of that; bounds of one new run, at the estimate's N and D.
  // With the other such that the target loss is reached (core/advice/iso_loss.h), where there is one; without estimates where it never is.
  std::optional<WayToLoss> target;
};

FixedChoice AdviseFixedSize(const LawEnsemble& ensemble, const CostModel& model, double parameter_count, std::optional<double> target_loss);
FixedChoice AdviseFixedTokens(const LawEnsemble& ensemble, const CostModel& model, double token_count, std::optional<double> target_loss);

// The best split that has this size, or these tokens, under one law. Positive.
OptimalSplit BestSplitOfSize(const AdditiveLaw& law, double parameter_count);
OptimalSplit BestSplitOfTokens(const AdditiveLaw& law, double token_count);

}  // namespace isoflop

#endif  // ISOFLOP_CORE_ADVICE_FIXED_CHOICE_H_
