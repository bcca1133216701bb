#ifndef ISOFLOP_CORE_ADVICE_RUNNING_STATE_H_
#define ISOFLOP_CORE_ADVICE_RUNNING_STATE_H_

#include <optional>
#include <vector>

#include "core/advice/forecast.h"

namespace isoflop {

enum class RunningState {
  kOnLaw,
  kAbove,          // Off the law: the forecast's interval lies wholly above twice the run noise, or below it.
  kBelow,
  kDiverged,       // HasDiverged, or the loss is no number.
  kUnfinished,     // HotEnd: its schedule is cut.
  kTooEarly,       // IsTooEarly.
  kLengthUnknown,  // Nothing tells how long the run will be.
  kUnjudged,       // No law to compare it with, or too few points to forecast from.
};

// Where a forecast lies of the law's loss at the run's (N, D); noise in ln L, of one run.
RunningState CompareWithLaw(const LossForecast& forecast, double law_loss, double log_loss_standard_deviation);

// Whether the loss at the end of the curve lies a tenth, and six standard deviations of its noise from point to point, above the least that five
// points in a row had as their median.
bool HasDiverged(const LossCurve& curve);

// The share of its peak at which the learning rate stands where that is over 15 % with 98 % of the steps made: the decay that others of the study had
// will not come. Read from the log, as the loss cannot show it: at half of a cosine schedule it lies near the law of finished runs. Nothing where
// no run of `finished` ended with less, as in a study of constant rates.
std::optional<double> HotEnd(const CurvedRun& run, const std::vector<CurvedRun>& finished);

// What a run's log says, besides its loss, that could put it off the law. Absent: not known.
struct RunLog {
  double parameter_count = 0;                   // N
  double token_count = 0;                       // D, planned.
  std::optional<double> training_flops;         // C, planned, where the run logs it.
  std::optional<double> tokens_per_step;        // As its token count grew.
  std::optional<double> batch_token_count;      // B, as it says.
  std::optional<double> hot_end;                // HotEnd.
  std::optional<double> learning_rate;          // Peak.
  std::optional<double> usual_learning_rate;    // The peak of the finished run nearest in size.
};

enum class RunningCause {
  kFlopsDisagree,   // ratio = C / 6ND outside [.5, 2]: N, D or C is logged wrongly, or counted otherwise.
  kTokensDisagree,  // ratio = tokens a step / B outside [.5, 2].
  kSchedule,        // ratio = the last rate over its peak, of HotEnd.
  kLearningRate,    // ratio = peak rate over that of the nearest finished run, outside [.5, 2]; said of runs off the law only.
  kSize,            // ratio = 2 or .5: the run ends as one of half or of twice its size would, within the forecast's interval.
};

struct CauseFound {
  RunningCause cause = RunningCause::kFlopsDisagree;
  double ratio = 1;
};

// The first of them that holds, of the log before any of the loss. `half_size_loss` and `twice_size_loss` are the law's at half and twice N; 0 where
// there is no law.
std::optional<CauseFound> FindCause(const RunLog& log, RunningState state, const std::optional<LossForecast>& forecast, double half_size_loss,
                                    double twice_size_loss);

}  // namespace isoflop

#endif  // ISOFLOP_CORE_ADVICE_RUNNING_STATE_H_
