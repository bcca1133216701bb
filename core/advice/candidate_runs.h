#ifndef ISOFLOP_CORE_ADVICE_CANDIDATE_RUNS_H_
#define ISOFLOP_CORE_ADVICE_CANDIDATE_RUNS_H_

#include <string>
#include <utility>
#include <vector>

#include "core/advice/design_fit.h"
#include "core/fit/observation.h"

namespace isoflop {

// A run that could be launched.
struct CandidateRun {
  double parameter_count = 0;  // N, positive.
  double token_count = 0;      // D, positive.
  double training_flops = 0;   // What it costs: 6 N D, where nothing else is known.
  std::string name;            // The user's; may be empty.
};

// Runs around those done and beyond them, for a user who names none: budgets of 1, 2 and 5 times a power of ten from the compute of the cheapest run to
// `greatest_flops`, and for each the sizes from an eighth to eight times the best one, in steps of sqrt(2). N and D are rounded to two significant digits.
// Left out are sizes and token counts smaller than any run has, where the law may no longer hold, and ratios D/N outside [1, 1000] that no run has.
// `observations` is not empty, and all have N and D.
std::vector<CandidateRun> CandidateGrid(const DesignFit& fit, const std::vector<Observation>& observations, double greatest_flops);

// A first design, while there are too few runs for a law: .35, .8, 1.6 and 3.5 times N = .1 sqrt(C) at C = `training_flops` and at a tenth of it. Beside runs
// that are done, of all of which N and D are known, as many of these as make kFirstRunCount with them, but no fewer than kLeastFirstRuns: one by one the
// farthest in (ln N, ln D) from all the others, so that D/N varies. Cheapest first.
std::vector<CandidateRun> FirstRuns(double training_flops, const std::vector<Observation>& done);

inline constexpr size_t kFirstRunCount = 8;   // From which a law's figures may be acted on: FEW_RUNS of core/fit/diagnostic.h.
inline constexpr size_t kLeastFirstRuns = 2;  // To either side, where there are runs enough but all alike.

}  // namespace isoflop

#endif  // ISOFLOP_CORE_ADVICE_CANDIDATE_RUNS_H_
