#include "plugin/study/law_fitter.h"

#include <vector>

#include "core/base/status.h"
#include "core/fit/observation.h"

namespace isoflop {
namespace {

// Of more changes at once each replica draws some, and to put the runs in their places one by one costs more than to
// start anew.
constexpr size_t kMostFollowedChanges = 64;

struct Difference {
  std::vector<Observation> withdrawn;
  std::vector<Observation> added;
};

bool SameContent(const Observation& a, const Observation& b) { return !ContentLess(a, b) && !ContentLess(b, a); }

// What leads from one study's observations to another's; both come by run_id.
Difference DifferenceOf(const std::vector<Observation>& from, const std::vector<Observation>& to) {
  Difference difference;
  size_t i = 0, j = 0;
  while (i < from.size() || j < to.size()) {
    const bool gone = j == to.size() || (i < from.size() && from[i].run_id < to[j].run_id);
    const bool came = !gone && (i == from.size() || to[j].run_id < from[i].run_id);
    if (!gone && !came && SameContent(from[i], to[j])) {
      ++i, ++j;
      continue;
    }
    if (!came) difference.withdrawn.push_back(from[i++]);
    if (!gone) difference.added.push_back(to[j++]);
  }
  return difference;
}

}  // namespace

absl::Status LawFitter::GoOn(const SharedStudy& study, const KnownFit& known) {
  if (!engine_.has_value() && known.fit != nullptr && known.study->convention == study->convention) {
    options_.convention = study->convention;
    at_ = StudyOfLaw(known.study, options_.law);
    ASSIGN_OR_RETURN(engine_, IncrementalFit::FromFit(at_->observations, options_, *known.fit));
  }
  if (!engine_.has_value() || at_->convention != study->convention) {
    return absl::FailedPreconditionError("there is nothing to go on from");
  }
  const Difference difference = DifferenceOf(at_->observations, study->observations);
  if (difference.withdrawn.size() + difference.added.size() > kMostFollowedChanges) {
    return absl::FailedPreconditionError("too much changed");
  }
  if (!difference.withdrawn.empty() || !difference.added.empty()) {
    RETURN_IF_ERROR(engine_->Change(difference.withdrawn, difference.added));
  }
  at_ = study;
  return absl::OkStatus();
}

void LawFitter::TakePrior(const std::string& published_prior) {
  if (options_.published_prior == published_prior) return;
  Drop();
  options_.published_prior = published_prior;
}

absl::StatusOr<FittedPoint> LawFitter::FitPoint(const SharedStudy& all, const std::string& published_prior, const KnownFit& known) {
  TakePrior(published_prior);
  const SharedStudy study = StudyOfLaw(all, options_.law);
  if (study->observations.empty() && !all->observations.empty()) return absl::FailedPreconditionError(study->excluded.back().reason);
  FittedPoint point;
  if (GoOn(study, known).ok()) {
    point.kind = engine_->searched() ? RefitKind::kGlobalSearch : RefitKind::kIncremental;
    point.basin_changed = engine_->basin_changed();
  } else {
    Drop();
    options_.convention = study->convention;
    ASSIGN_OR_RETURN(engine_, IncrementalFit::FromScratch(study->observations, options_));
    at_ = study;
  }
  point.fit = engine_->fit();
  point.fit.excluded = study->excluded;
  return point;
}

absl::Status LawFitter::FitIntervals(const SharedStudy& all, const std::function<bool()>& cancelled, Fit& fit) {
  TakePrior(fit.published_prior);
  const SharedStudy study = StudyOfLaw(all, options_.law);
  if (!GoOn(study, {.study = study, .fit = &fit}).ok()) {
    Drop();
    options_.convention = study->convention;
    ASSIGN_OR_RETURN(engine_, IncrementalFit::FromScratch(study->observations, options_));
    at_ = study;
  }
  RETURN_IF_ERROR(engine_->RefitReplicas(cancelled));
  Fit with_intervals = engine_->fit();
  with_intervals.version = fit.version;
  with_intervals.excluded = std::move(fit.excluded);
  fit = std::move(with_intervals);
  return absl::OkStatus();
}

void LawFitter::Drop() {
  engine_.reset();
  at_.reset();
}

int64_t LawFitter::memory_bytes() const {
  if (!engine_.has_value()) return 0;
  constexpr int64_t kBytesARun = 1000;     // Its observation here and in the engine, its inputs and keys.
  constexpr int64_t kBytesAReplica = 150;  // Its values, in a vector of its own.
  return kBytesARun * static_cast<int64_t>(at_->observations.size()) + kBytesAReplica * options_.replica_count;
}

}  // namespace isoflop
