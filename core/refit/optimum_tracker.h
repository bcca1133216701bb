#ifndef ISOFLOP_CORE_REFIT_OPTIMUM_TRACKER_H_
#define ISOFLOP_CORE_REFIT_OPTIMUM_TRACKER_H_

#include <cstddef>
#include <vector>

#include "core/fit/newton.h"
#include "core/fit/prepared.h"

namespace isoflop {

// The optima of a law's objective, kept while its evidence changes a few runs at a time.
//
// Each known optimum is followed by Newton's method from where it was: a run more or less moves it by a share of 1 / run count, so one or two
// steps with the exact Hessian reach it. What following cannot see is an optimum that was not there before. For that the law's starts are laid
// out anew, and searched from where none lay before,
//   - whenever runs changed by 1 / kCheckShare of their number since the last time,
//   - when the best optimum is another one than before, or took long to reach.
// All starts are searched below kFollowedRunCount runs, for laws whose basins are narrow, when a quarter of the runs changed at once, when the
// best optimum does not converge, and while another known one is nearly as good: there a single run redraws the landscape.
class OptimumTracker {
 public:
  static constexpr size_t kFollowedRunCount = 128;
  static constexpr size_t kCheckShare = 32;

  // Takes up optima that were found elsewhere; all starts are searched at the next change.
  void Adopt(std::vector<NewtonResult> optima);

  // The optima of `evidence`, of which `changed_count` runs are new or gone since the last call. `left_out` (shape [run_count], or empty: none)
  // are rows that do not count.
  void Follow(const Prepared& evidence, const std::vector<bool>& left_out, size_t changed_count);

  // After a search: lets Ceres, the solver of record, look for something lower than the best.
  void Certify(const Prepared& evidence);

  // Best first. Empty where no start leads to a finite one.
  const std::vector<NewtonResult>& optima() const { return optima_; }

  // Of the last call: whether any start was searched from, and whether the best optimum is not the one that was best before.
  bool searched() const { return searched_; }
  bool basin_changed() const { return basin_changed_; }

 private:
  void SearchAll(const Prepared& rest);
  void SearchNewStarts(const Prepared& rest, const Objective& objective);
  void KeepDistinct();
  bool IsContested() const;

  std::vector<NewtonResult> optima_;
  std::vector<Theta> starts_;  // Searched from, or near one that was.
  size_t unchecked_count_ = 0;  // Runs changed since the starts were laid out.
  bool searched_ = false;
  bool basin_changed_ = false;
};

}  // namespace isoflop

#endif  // ISOFLOP_CORE_REFIT_OPTIMUM_TRACKER_H_
