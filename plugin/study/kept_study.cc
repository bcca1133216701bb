#include "plugin/study/kept_study.h"

#include <algorithm>
#include <utility>

#include "core/base/status.h"

namespace isoflop {
namespace {

bool ReadsAs(const std::vector<QuantitySource>& a, const std::vector<QuantitySource>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const QuantitySource& x, const QuantitySource& y) {
    return x.quantity == y.quantity && x.kind == y.kind && x.key == y.key && x.unit == y.unit &&
           x.convention == y.convention;
  });
}

}  // namespace

absl::StatusOr<FittedPoint> LawSlot::FitPoint(const SharedStudy& study, const std::string& published_prior, const KnownFit& known, bool afresh) {
  ++waiting_points_;
  std::lock_guard<std::mutex> guard(mutex_);
  --waiting_points_;
  if (afresh) fitter_.Drop();
  absl::StatusOr<FittedPoint> point = fitter_.FitPoint(study, published_prior, afresh ? KnownFit{} : known);
  memory_.Use(this, fitter_.memory_bytes());
  return point;
}

absl::Status LawSlot::FitIntervals(const SharedStudy& study, const std::function<bool()>& cancelled, Fit& fit) {
  std::lock_guard<std::mutex> guard(mutex_);
  const absl::Status status =
      fitter_.FitIntervals(study, [&] { return waiting_points_ > 0 || cancelled(); }, fit);
  memory_.Use(this, fitter_.memory_bytes());
  return status;
}

void LawSlot::DropUnlessInUse() {
  if (!mutex_.try_lock()) return;
  fitter_.Drop();
  mutex_.unlock();
}

KeptStudy::KeptStudy(StudyRecord record, const std::vector<std::string>& laws, const FitOptions& options,
                     FitterMemory& memory)
    : study_id_(record.study_id), state_(std::move(record)) {
  for (const std::string& law : laws) {
    FitOptions of_law = options;
    of_law.law = law;
    laws_.emplace(law, std::make_unique<LawSlot>(std::move(of_law), memory));
  }
}

void KeptStudy::AddRun(const std::string& run_id) {
  std::lock_guard<std::mutex> guard(mutex_);
  pending_.run_ids.insert(run_id);
  if (!pending_.since.has_value()) pending_.since = Clock::now();
}

void KeptStudy::AddRunningRuns() {
  std::lock_guard<std::mutex> guard(mutex_);
  pending_.running_runs = true;
}

void KeptStudy::SetRecord(const StudyRecord& record) {
  std::lock_guard<std::mutex> guard(mutex_);
  pending_.record = record;
  if (!pending_.since.has_value()) pending_.since = Clock::now();
}

void KeptStudy::AddSettings() {
  std::lock_guard<std::mutex> guard(mutex_);
  pending_.settings = true;
  if (!pending_.since.has_value()) pending_.since = Clock::now();
}

std::optional<KeptStudy::Clock::time_point> KeptStudy::waiting_since() const {
  std::lock_guard<std::mutex> guard(mutex_);
  return reading_since_.has_value() ? reading_since_ : pending_.since;
}

absl::Status KeptStudy::ReadAll(RunStore& store) {
  RETURN_IF_ERROR(state_.ReadSettings(store));
  return state_.ReadAllRuns(store);
}

absl::Status KeptStudy::ReadChanges(RunStore& store) {
  Pending pending;
  {
    std::lock_guard<std::mutex> guard(mutex_);
    std::swap(pending, pending_);
    if (!reading_since_.has_value()) reading_since_ = pending.since;
  }
  if (pending.record.has_value()) state_.set_record(*pending.record);
  if (pending.running_runs) {
    for (std::string& run_id : state_.RunningRuns()) pending.run_ids.insert(std::move(run_id));
  }
  absl::Status status;
  if (pending.settings) status = state_.ReadSettings(store);
  if (status.ok() && !pending.run_ids.empty()) status = state_.ReadRuns(store, pending.run_ids);
  if (!status.ok()) {
    std::lock_guard<std::mutex> guard(mutex_);
    pending_.run_ids.merge(pending.run_ids);
    pending_.settings |= pending.settings;
  }
  return status;
}

StudyView KeptStudy::Recognize(int64_t now_ms) {
  StudyView view = state_.Recognize(now_ms);
  mapping_ = view.recognized->mapping;
  return view;
}

std::optional<EvidenceChange> KeptStudy::Change() const {
  if (!change_known_) return std::nullopt;
  EvidenceChange change;
  for (const ObservationChange& run : state_.Changes()) {
    if (!run.before.has_value()) change.added.Add(run.run_id);
    if (!run.after.has_value()) change.withdrawn.Add(run.run_id);
    if (run.before.has_value() && run.after.has_value()) change.corrected.Add(run.run_id);
  }
  change.mapping_changed = !settled_mapping_.empty() && !ReadsAs(mapping_, settled_mapping_);
  return change;
}

void KeptStudy::Settle() {
  change_known_ = true;
  settled_mapping_ = mapping_;
  state_.Settle();
}

bool KeptStudy::SetFailure(const std::string& law, const absl::Status& status) {
  return std::exchange(failures_[law], status) != status;
}

KeptStudy::Clock::duration KeptStudy::Shown() {
  std::lock_guard<std::mutex> guard(mutex_);
  const Clock::time_point now = Clock::now();
  const Clock::duration waited = now - reading_since_.value_or(now);
  reading_since_.reset();
  return waited;
}

}  // namespace isoflop
