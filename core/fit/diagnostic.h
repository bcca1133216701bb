#ifndef ISOFLOP_CORE_FIT_DIAGNOSTIC_H_
#define ISOFLOP_CORE_FIT_DIAGNOSTIC_H_

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace isoflop {

// INFO: worth knowing. WARNING: the figure stands, with care. ERROR: the figure must not be acted on.
enum class Severity { kInfo, kWarning, kError };

// "INFO", "WARNING" or "ERROR".
std::string_view SeverityName(Severity severity);

// Something a reader must know before believing a figure. Codes are stable:
//
//   code                warning when                                            error when
//   FEW_RUNS            fewer than 15 runs                                      fewer than 8; 6 under a
//                                                                               published prior
//   NARROW_RANGE        N or D spans less than 1 decade                         less than 0.5
//   NARROW_COMPUTE      C spans less than 1.5 decades                           less than 1
//   CONSTANT_RATIO      thin < 0.10                                             thin < 0.05
//   UNDETERMINED                                                                a free direction is not determined (fit refuses)
//   SEVERAL_BASINS      other optima lie within 1 % of the best objective
//   ILL_CONDITIONED     scaled condition number of J'J over 1e4                 over 1e5
//   HOLD_OUT            RMS log error on the top 20 % of C > max(2 s, 1 %)      > max(4 s, 3 %)
//   NOISY               s over 1 %                                              over 2 %
//   HEAVY_TAILS         RMS residual over 2.5 s                                 over 5 s
//   AT_BOUND            an exponent below .05 or above 1.2; a parameter at
//                       a bound of its search
//   OPTIMUM_OUTSIDE     D/N of the optimum at the largest C outside the runs'
//   WIDE_OPTIMUM        95 % interval of N_opt at 10 times the largest run      a factor over 4
//                       spans a factor over 2
//   MIXED_CONVENTIONS   a given C is more than a factor 2 from 6ND
//   REPEATED_DATA       runs of over 4 epochs under a law that ignores epochs
//   FEW_BUDGETS         fewer than 4 usable budgets (sizes, on an envelope)     no line through them
//   BUDGETS_LEFT_OUT    budgets without a usable minimum
//   LEANS_ON_BUDGET     leaving one budget out moves a by over .03
//   WIDE_EXPONENT       95 % interval of a without a law wider than .2
//   UNFINISHED_SCHEDULE runs whose learning rate ended over 15 % of its peak or
//                       that made under 98 % of their steps; on budgets and
//                       envelopes, points that lie before their run's end
//   ROUNDED_INPUTS      rounding makes over half the run noise
//   RESIDUALS_BY_LABEL  a label explains over half of the residuals' variance
//                       (F-test, p < 1 % after Bonferroni)
//   APPROACH_NOT_POSSIBLE                                                       the table lacks what the approach needs
//   DRIFT               trusting large runs more moves ln L or ln N_opt at 10
//                       times the largest run, 95 % paired bootstrap
//   PRIOR               priors determine over half of the parameters that
//                       they are of
//   EXTRAPOLATION       the budget is over 10 times the largest run             over 100 times
//
// INFO only: PRIOR (priors determine less), INTERVALS_WITHHELD (core/fit/withheld_intervals.h: why there are none), RESIDUALS_BY_LABEL (a label explains less than half),
// CURVE_REGION (where power_law's runs lie on the curve), CRITICAL_BATCH (kaplan_ns's, at the runs' losses), BEST_OF_CELLS (the rule
// by which learning_rate and batch_size choose rows), ROUNDED_INPUTS (fewer distinct losses than half the runs), INFLUENTIAL_RUN (leaving one
// run out moves N_opt at 10 times the largest run by over 10 %). What reading converted comes from plugin/cli/convert_runs.h: LOSS_CONVERTED, SIZES_FROM_ARCHITECTURE,
// SIZES_CONVERTED, FLOPS_RECOUNTED, COLUMNS_READ (what columns and units were taken for the quantities), and as warnings SIZES_DISAGREE and
// LOSS_UNIT_DOUBTFUL.
//
// s = 1.4826 median |log residual|, uncorrected. thin = sqrt(least eigenvalue of cov(log10 N, log10 D)), about a fifth of the decades that D/N spans. Ranges run from the 2.5 to the 97.5
// percentile where there are over 60 runs, else from the least to the greatest value.
struct Diagnostic {
  std::string code;
  Severity severity = Severity::kInfo;
  std::string title;                       // Four words or so, for a chip.
  std::string message;                     // What was found.
  std::map<std::string, double> evidence;  // The figures behind it, by name.
  std::string effect;                      // What it does to the answer.
  std::string fix;                         // What can be done about it today.
  std::string run_id, run_name;            // Of the one run that it is about; empty where it is about none, or the run has none.
};

// Whether any diagnostic is an ERROR.
bool HasError(const std::vector<Diagnostic>& diagnostics);

}  // namespace isoflop

#endif  // ISOFLOP_CORE_FIT_DIAGNOSTIC_H_
