#ifndef ISOFLOP_CORE_CHECK_JUDGED_LAW_H_
#define ISOFLOP_CORE_CHECK_JUDGED_LAW_H_

#include <functional>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "core/advice/frontier_law.h"
#include "core/advice/law_ensemble.h"

namespace isoflop {

// What a law needs to know of a run. All positive.
struct RunShape {
  double parameter_count = 0;                // N, in the law's convention.
  double token_count = 0;                    // D, repeats included.
  std::optional<double> unique_token_count;  // U; D where absent.
  std::optional<double> served_token_count;  // D_inf; absent: training alone counts.

  bool repeats() const { return unique_token_count && token_count > *unique_token_count; }
};

// How well one law thinks of a run. Every figure is rounded by RoundResult.
struct Judgement {
  Interval loss_nats_per_token;  // Bounds of one new run.
  Interval loss_given_up;        // Above the best of the same compute; without bounds where data repeat.
  // 1 - C* / C of training, or with served tokens 1 - M* / M of training and serving: C* and M* are the least with which the law reaches this loss, from
  // the same unique tokens where they repeat. Bounds over replicas.
  Interval wasted_share;
  double least_flops = 0;          // C* or M*.
  OptimalSplit cheapest;           // The run that needs it, not rounded.
  Interval cheapest_parameter_count;  // Bounds over the replicas' own.
};

// A law of the form E + A / N^alpha + B / D^beta with its replicas, ready to judge many runs.
class JudgedLaw {
 public:
  // Codes as MakeLawEnsemble.
  static absl::StatusOr<JudgedLaw> Of(const Fit& fit);

  Judgement Judge(const RunShape& run) const;

  // At the estimate, not rounded.
  double LossOf(const RunShape& run) const;

  // exp(-(D / U - 1) / R_D): what a token of the last epoch is worth, new ones being worth 1. Bounds over replicas where R_D is the study's own.
  Interval WorthOfLastEpoch(const RunShape& run) const;

  const LawEnsemble& ensemble() const { return ensemble_; }

 private:
  // One law of the ensemble with what every run asks of it.
  struct Member {
    RepeatedDataLaw law;
    FrontierLaw frontier;
    AllocationExponents split;
  };
  struct Cheapest {
    OptimalSplit split;
    double flops = 0;
  };
  explicit JudgedLaw(LawEnsemble ensemble);

  static Member MemberOf(const RepeatedDataLaw& law);
  static double LossOf(const Member& member, const RunShape& run);
  static Cheapest CheapestFor(const Member& member, const RunShape& run, double loss_nats_per_token);

  LawEnsemble ensemble_;
  Member estimate_;
  std::vector<Member> replicas_;
};

// A search per replica is what a figure costs where data repeat or tokens are served; this many of them give its bounds.
inline constexpr size_t kMostSearchedReplicas = 200;

}  // namespace isoflop

#endif  // ISOFLOP_CORE_CHECK_JUDGED_LAW_H_
