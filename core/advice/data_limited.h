#ifndef ISOFLOP_CORE_ADVICE_DATA_LIMITED_H_
#define ISOFLOP_CORE_ADVICE_DATA_LIMITED_H_

#include <optional>
#include <string>
#include <vector>

#include "core/advice/cost_model.h"
#include "core/advice/law_ensemble.h"

namespace isoflop {

// Repeating costs little up to here: Muennighoff et al. 2023, section 6.
inline constexpr double kHarmlessEpochCount = 4;

// The same compute at a given number of epochs.
struct EpochChoice {
  double epoch_count = 0;
  double parameter_count = 0;
  double token_count = 0;
  Interval loss_nats_per_token;  // Bounds of one new run.
};

// A budget on U unique tokens. Every figure is rounded by RoundResult.
struct DataLimited {
  double unique_token_count = 0;
  Interval parameter_count, token_count, epoch_count;  // Of the best run (core/advice/repeated_data.h); bounds over the replicas' own.
  Interval loss_nats_per_token;                        // Bounds of one new run.
  Interval loss_given_up;                              // Above the best with unlimited new data; bounds over replicas.
  Interval loss_per_percent_unique_tokens, loss_per_percent_compute;  // dL for 1 % more.
  // Money per 1e9 tokens up to which new data buys more than compute does; absent where a FLOP has no price. In FLOPs: per token.
  Interval break_even_price_per_billion_tokens, break_even_flops_per_token;
  std::vector<EpochChoice> choices;  // 1, 2, 4, 8 and 16 epochs.
  bool stronger_weight_decay = false;  // The best run repeats its data more than kHarmlessEpochCount times.
  std::string source;                  // Of R_D and R_N.
};

// `model.unique_token_count` must be there. `training_flops` positive.
DataLimited AdviseLimitedData(const LawEnsemble& ensemble, const CostModel& model, double training_flops);

}  // namespace isoflop

#endif  // ISOFLOP_CORE_ADVICE_DATA_LIMITED_H_
