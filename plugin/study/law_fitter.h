#ifndef ISOFLOP_PLUGIN_STUDY_LAW_FITTER_H_
#define ISOFLOP_PLUGIN_STUDY_LAW_FITTER_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/fit/fit.h"
#include "core/refit/incremental_fit.h"
#include "plugin/document/refit_record.h"
#include "plugin/study/study_of_law.h"

namespace isoflop {

// A fit and the evidence that it is of.
struct KnownFit {
  SharedStudy study;
  const Fit* fit = nullptr;  // Null where none is known.
};

// A point estimate and how it came about.
struct FittedPoint {
  Fit fit;  // Without intervals.
  RefitKind kind = RefitKind::kCold;
  bool basin_changed = false;
};

// Keeps one law of one study fitted as its evidence changes. What it works with is dropped when the keeper needs the
// memory, and made again from the last fit. The only place of the service that knows how laws are fitted. Not thread
// safe.
class LawFitter {
 public:
  explicit LawFitter(FitOptions options) : options_(std::move(options)) {}

  // The law of `study` under a published prior (FitOptions), of those of its runs that have what the law needs; the others join the excluded. `known`:
  // where to go on from if nothing is at hand. Codes as FitLaw; FailedPrecondition where no run has it.
  absl::StatusOr<FittedPoint> FitPoint(const SharedStudy& study, const std::string& published_prior, const KnownFit& known);

  // Fills the replicas and intervals of `fit`, the law of `study`. Cancelled, with `fit` untouched, when `cancelled`,
  // asked between replicas, says so.
  absl::Status FitIntervals(const SharedStudy& study, const std::function<bool()>& cancelled, Fit& fit);

  void Drop();
  int64_t memory_bytes() const;  // About.

 private:
  // What is at hand under another prior is of no use.
  void TakePrior(const std::string& published_prior);

  // Brings what is at hand to `study`. FailedPrecondition when it cannot.
  absl::Status GoOn(const SharedStudy& study, const KnownFit& known);

  FitOptions options_;
  std::optional<IncrementalFit> engine_;
  SharedStudy at_;  // What the engine is at; null without one.
};

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_STUDY_LAW_FITTER_H_
