#include "plugin/study/study_keeper.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <set>

#include "core/base/status.h"
#include "core/fit/fitted_runs.h"
#include "core/fit/withheld_intervals.h"
#include "plugin/document/law_document.h"

namespace isoflop {
namespace {

using Clock = std::chrono::steady_clock;
using Milliseconds = std::chrono::duration<double, std::milli>;

// Added to the process's nice value: intervals give way to points, and both to ingest.
constexpr int kPointNice = 5;
constexpr int kIntervalNice = 19;

// The setting by which a refit from scratch is asked for: each change of its value asks for one.
constexpr char kRefitSetting[] = "isoflop.refit";

bool IsRefitAsked(const StudyView* before, const StudyView& view) {
  const auto value = [](const StudyView& one) {
    const auto tag = one.settings->tags.find(kRefitSetting);
    return tag == one.settings->tags.end() ? "" : tag->second;
  };
  return before != nullptr && value(view) != value(*before);
}

void AddToNiceOfThisThread(int nice) {
  const id_t thread = static_cast<id_t>(syscall(SYS_gettid));
  setpriority(PRIO_PROCESS, thread, getpriority(PRIO_PROCESS, thread) + nice);
}

int ThreadCount(const StudyKeeperOptions& options) {
  return options.thread_count > 0 ? options.thread_count
                                  : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

double MillisecondsSince(Clock::time_point start) { return Milliseconds(Clock::now() - start).count(); }

std::string HashOf(const RecognizedStudy& study) { return HashObservations(SortByContent(study.observations)); }

// `study`: what the law was fitted to.
LawVersion ToVersion(const std::string& study_id, const RecognizedStudy& study, const PublishedLaw& law) {
  // Some laws are fitted to the best of their runs only, and their hash is of these.
  const bool of_all_runs = law.fit.observation_count == static_cast<int64_t>(study.observations.size());
  LawParts parts = SplitLaw(law.fit, law.refit);
  return {.study_id = study_id,
          .law = law.fit.law,
          .version = law.fit.version,
          .observations_hash = of_all_runs ? law.fit.observations_hash : HashOf(study),
          .created_time_ms = law.create_time_ms,
          .intervals_ready = law.intervals_ready,
          .document = std::move(parts.document),
          .replicas = std::move(parts.replicas)};
}

}  // namespace

StudyKeeper::StudyKeeper(RunStore& store, std::function<int64_t()> now_ms, StudyKeeperOptions options)
    : store_(store), now_ms_(std::move(now_ms)), options_(std::move(options)),
      fitter_memory_(options_.fitter_memory_bytes), saver_(store) {}

StudyKeeper::~StudyKeeper() {
  stopping_ = true;
  updates_.Stop();
  intervals_.Stop();
  for (std::thread& thread : threads_) thread.join();
}

absl::Status StudyKeeper::Start() {
  ASSIGN_OR_RETURN(const std::vector<StudyRecord> records, store_.ListStudies());
  for (const StudyRecord& record : records) RETURN_IF_ERROR(StartStudy(record));
  for (int i = 0; i < ThreadCount(options_); ++i) {
    threads_.emplace_back([this] { UpdateLoop(); });
    threads_.emplace_back([this] { IntervalLoop(); });
  }
  return absl::OkStatus();
}

absl::Status StudyKeeper::StartStudy(const StudyRecord& record) {
  KeptStudy& study = FindStudy(record.study_id);
  study.SetRecord(record);
  RETURN_IF_ERROR(study.ReadChanges(store_));
  RETURN_IF_ERROR(study.ReadAll(store_));
  StudyView view = study.Recognize(now_ms_());
  bool current = true;
  for (const std::string& name : options_.laws) {
    ASSIGN_OR_RETURN(const SharedLaw law, LoadNewestLaw(view, name));
    if (law != nullptr) SetLaw(law, view);
    if (law != nullptr && !IsOfView(*law, view)) study.ForgetChange();
    current = current && law != nullptr && IsOfView(*law, view);
    if (law == nullptr || !IsOfView(*law, view)) continue;
    if (!law->intervals_ready) intervals_.Push({record.study_id, name});
    Tell({.kind = KeeperEvent::Kind::kAdopted,
          .study_id = record.study_id,
          .law = name,
          .version = law->fit.version,
          .observation_count = law->fit.observation_count,
          .refit = RefitKind::kAdopted});
  }
  PublishView(std::move(view));
  if (current) {
    study.Settle();
    study.Shown();
  } else {
    updates_.Push(record.study_id);
  }
  return absl::OkStatus();
}

absl::StatusOr<SharedLaw> StudyKeeper::LoadNewestLaw(const StudyView& view, const std::string& law) const {
  ASSIGN_OR_RETURN(std::optional<LawVersion> stored, store_.LoadNewestLawVersion(view.study_id, law));
  if (!stored.has_value()) return nullptr;
  ASSIGN_OR_RETURN(ParsedLaw parsed, ParseLaw({std::move(stored->document), std::move(stored->replicas)}));
  const bool lacks_replicas = parsed.fit.identified() && !IntervalsWithheld(parsed.fit.diagnostics) &&
                              parsed.fit.replica_count != options_.fit.replica_count;
  const std::vector<Observation> sorted = SortByContent(view.recognized->observations);
  const bool of_view = stored->observations_hash == HashObservations(sorted);
  // Some laws are fitted to the best of their runs only.
  if (of_view && parsed.fit.observations_hash == stored->observations_hash) parsed.fit.runs = FittedRunsOf(sorted);
  return std::make_shared<const PublishedLaw>(
      PublishedLaw{.fit = std::move(parsed.fit),
                   .evidence_key = of_view ? std::optional(view.evidence_key) : std::nullopt,
                   .refit = std::move(parsed.refit),
                   .create_time_ms = stored->created_time_ms,
                   .intervals_ready = stored->intervals_ready && !lacks_replicas});
}

KeptStudy& StudyKeeper::FindStudy(const std::string& study_id) {
  std::lock_guard<std::mutex> guard(studies_mutex_);
  std::unique_ptr<KeptStudy>& study = studies_[study_id];
  if (study == nullptr) {
    const StudyRecord record = {.study_id = study_id, .display_name = "", .deleted = false};
    study = std::make_unique<KeptStudy>(record, options_.laws, options_.fit, fitter_memory_);
  }
  return *study;
}

void StudyKeeper::RunsChanged(const std::vector<RunChange>& changes) {
  std::set<std::string> study_ids;  // First all changes, then the turns: what was stored together is read together.
  for (const RunChange& change : changes) {
    FindStudy(change.study_id).AddRun(change.run_id);
    study_ids.insert(change.study_id);
  }
  for (const std::string& study_id : study_ids) updates_.Push(study_id);
}

void StudyKeeper::LookForStaleRuns() {
  for (const ViewPublisher::View& view : views_.List()) {
    if (view->running_run_count + view->recognized->stale_count == 0) continue;
    FindStudy(view->study_id).AddRunningRuns();
    updates_.Push(view->study_id);
  }
}

void StudyKeeper::StudyChanged(const StudyRecord& record) {
  FindStudy(record.study_id).SetRecord(record);
  updates_.Push(record.study_id);
}

void StudyKeeper::SettingsChanged(const std::string& study_id) {
  FindStudy(study_id).AddSettings();
  updates_.Push(study_id);
}

KeeperLoad StudyKeeper::load() const {
  return {.waiting_study_count = updates_.waiting_count(),
          .refitting_study_count = updates_.running_count(),
          .waiting_interval_count = intervals_.waiting_count(),
          .computing_interval_count = intervals_.running_count()};
}

std::map<std::string, double> StudyKeeper::Lags() const {
  std::lock_guard<std::mutex> guard(studies_mutex_);
  std::map<std::string, double> lags;
  for (const auto& [study_id, study] : studies_) {
    const std::optional<Clock::time_point> since = study->waiting_since();
    if (since.has_value()) lags[study_id] = std::chrono::duration<double>(Clock::now() - *since).count();
  }
  return lags;
}

void StudyKeeper::UpdateLoop() {
  AddToNiceOfThisThread(kPointNice);
  while (const std::optional<std::string> study_id = updates_.Take()) Update(FindStudy(*study_id));
}

void StudyKeeper::Update(KeptStudy& study) {
  if (const absl::Status status = study.ReadChanges(store_); !status.ok()) {
    Tell({.kind = KeeperEvent::Kind::kRefitFailed, .study_id = study.study_id(), .law = "", .status = status});
    return updates_.FinishAndRetry(study.study_id(), options_.retry_delay_sec);
  }
  StudyView view = study.Recognize(now_ms_());
  const ViewPublisher::View before = views_.Find(study.study_id());
  if (before != nullptr) {
    for (const std::string& name : options_.laws) {
      if (const SharedLaw law = before->FindLaw(name)) SetLaw(law, view);
    }
  }
  const std::vector<SharedLaw> made = Refit(study, view, before.get());
  if (made.empty()) return Show(study, std::move(view), made);
  std::vector<LawVersion> versions;
  for (const SharedLaw& law : made) versions.push_back(ToVersion(study.study_id(), *view.recognized, *law));
  saver_.Save(std::move(versions), [this, &study, view = std::move(view), made](const absl::Status& status) {
    if (status.ok()) return Show(study, view, made);
    Tell({.kind = KeeperEvent::Kind::kRefitFailed, .study_id = study.study_id(), .law = "", .status = status});
    updates_.FinishAndRetry(study.study_id(), options_.retry_delay_sec);
  });
}

// The new versions of the laws that are not of what the view shows; of all laws where it was asked for.
std::vector<SharedLaw> StudyKeeper::Refit(KeptStudy& study, const StudyView& view, const StudyView* before) {
  std::vector<SharedLaw> made;
  for (const std::string& name : options_.laws) {
    const SharedLaw newest = view.FindLaw(name);
    if (newest == nullptr && view.recognized->observations.empty()) continue;
    if (newest != nullptr && IsOfView(*newest, view) && !IsRefitAsked(before, view)) continue;
    absl::StatusOr<SharedLaw> law = RefitLaw(study, view, before, name);
    // Where the evidence is not such as the law needs, another try would give the same.
    if (study.SetFailure(name, law.status()) && !law.ok()) {
      const bool waits = absl::IsFailedPrecondition(law.status());
      Tell({.kind = waits ? KeeperEvent::Kind::kLawWaits : KeeperEvent::Kind::kRefitFailed,
            .study_id = study.study_id(),
            .law = name,
            .status = law.status()});
    }
    if (law.ok()) made.push_back(*std::move(law));
  }
  return made;
}

absl::StatusOr<SharedLaw> StudyKeeper::RefitLaw(KeptStudy& study, const StudyView& view, const StudyView* before,
                                                const std::string& name) {
  const Clock::time_point start = Clock::now();
  const SharedLaw newest = view.FindLaw(name);
  KnownFit known;
  if (newest != nullptr && IsOfView(*newest, *before)) known = {.study = before->recognized, .fit = &newest->fit};
  ASSIGN_OR_RETURN(FittedPoint point, study.law(name).FitPoint(view.recognized, PublishedPriorOf(*view.settings, name), known,
                                                                        IsRefitAsked(before, view)));
  PublishedLaw law;
  law.fit = std::move(point.fit);
  law.fit.version = newest == nullptr ? 1 : newest->fit.version + 1;
  law.evidence_key = view.evidence_key;
  law.create_time_ms = now_ms_();
  law.intervals_ready = !law.fit.identified();  // There are none to come.
  law.refit = {.kind = point.kind,
               .duration_ms = MillisecondsSince(start),
               .change = study.Change(),
               .basin_changed = point.basin_changed};
  return std::make_shared<const PublishedLaw>(std::move(law));
}

void StudyKeeper::SetLaw(SharedLaw law, StudyView& view) const {
  law = WithTolerance(std::move(law), view.settings->tolerance);
  if (law->fit.law == options_.laws.front()) {
    view.law = std::move(law);
  } else {
    view.other_laws[law->fit.law] = law;
  }
}

void StudyKeeper::Show(KeptStudy& study, StudyView view, const std::vector<SharedLaw>& made) {
  for (const SharedLaw& law : made) SetLaw(law, view);
  if (!made.empty()) study.Settle();
  PublishView(std::move(view));
  const double lag_ms = Milliseconds(study.Shown()).count();
  for (const std::string& name : options_.laws) intervals_.Push({study.study_id(), name});
  for (const SharedLaw& law : made) {
    Tell({.kind = KeeperEvent::Kind::kRefit,
          .study_id = study.study_id(),
          .law = law->fit.law,
          .version = law->fit.version,
          .observation_count = law->fit.observation_count,
          .refit = law->refit.kind,
          .duration_ms = law->refit.duration_ms,
          .lag_ms = lag_ms});
  }
  updates_.Finish(study.study_id());
}

void StudyKeeper::PublishView(StudyView view) {
  std::lock_guard<std::mutex> guard(publish_mutex_);
  const ViewPublisher::View before = views_.Find(view.study_id);
  if (before != nullptr) {
    view.revision = before->revision + 1;
    // Another thread may have published the intervals of a version meanwhile.
    for (const std::string& name : options_.laws) {
      const SharedLaw law = view.FindLaw(name), known = before->FindLaw(name);
      if (known != nullptr && known->intervals_ready && law->fit.version == known->fit.version) SetLaw(known, view);
    }
  }
  views_.Publish(std::make_shared<const StudyView>(std::move(view)));
}

void StudyKeeper::IntervalLoop() {
  AddToNiceOfThisThread(kIntervalNice);
  while (const std::optional<IntervalKey> key = intervals_.Take()) ComputeIntervals(*key);
}

void StudyKeeper::ComputeIntervals(const IntervalKey& key) {
  const auto& [study_id, name] = key;
  const ViewPublisher::View view = views_.Find(study_id);
  const SharedLaw newest = view->FindLaw(name);
  // Where a refit failed, the law is not of what the view shows.
  if (newest == nullptr || newest->intervals_ready || !IsOfView(*newest, *view)) return intervals_.Finish(key);
  const Clock::time_point start = Clock::now();
  PublishedLaw law = *newest;
  const auto cancelled = [&] {
    return stopping_ || views_.Find(study_id)->FindLaw(name)->fit.version != law.fit.version;
  };
  const absl::Status status =
      FindStudy(study_id).law(name).FitIntervals(view->recognized, cancelled, law.fit);
  if (!status.ok()) {
    if (!absl::IsCancelled(status)) {
      Tell({.kind = KeeperEvent::Kind::kIntervalsFailed, .study_id = study_id, .law = name, .status = status});
    }
    return intervals_.Finish(key);
  }
  law.intervals_ready = true;
  law.refit.intervals_duration_ms = MillisecondsSince(start);
  const auto made = std::make_shared<const PublishedLaw>(std::move(law));
  saver_.Save({ToVersion(study_id, *view->recognized, *made)}, [this, key, made](const absl::Status& saved) {
    if (saved.ok()) {
      PublishIntervals(key.first, made);
      return intervals_.Finish(key);
    }
    Tell({.kind = KeeperEvent::Kind::kIntervalsFailed, .study_id = key.first, .law = key.second, .status = saved});
    intervals_.FinishAndRetry(key, options_.retry_delay_sec);
  });
}

void StudyKeeper::PublishIntervals(const std::string& study_id, const SharedLaw& law) {
  {
    std::lock_guard<std::mutex> guard(publish_mutex_);
    StudyView view = *views_.Find(study_id);
    if (view.FindLaw(law->fit.law)->fit.version != law->fit.version) return;
    SetLaw(law, view);
    ++view.revision;
    views_.Publish(std::make_shared<const StudyView>(std::move(view)));
  }
  Tell({.kind = KeeperEvent::Kind::kIntervals,
        .study_id = study_id,
        .law = law->fit.law,
        .version = law->fit.version,
        .observation_count = law->fit.observation_count,
        .refit = law->refit.kind,
        .duration_ms = law->refit.intervals_duration_ms.value_or(0)});
}

void StudyKeeper::Tell(const KeeperEvent& event) const {
  if (options_.on_event) options_.on_event(event);
}

}  // namespace isoflop
