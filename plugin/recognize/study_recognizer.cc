#include "plugin/recognize/study_recognizer.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "plugin/recognize/stale_run.h"

namespace isoflop {
namespace {

bool IsRunning(const RunRecord& run) {
  return run.status == RunStatus::kRunning || run.status == RunStatus::kScheduled;
}

bool HasEnded(const RunRecord& run) {
  return run.status == RunStatus::kFinished || run.status == RunStatus::kFailed || run.status == RunStatus::kKilled;
}

bool IsFinished(const RunRecord& run) { return !run.deleted && run.status == RunStatus::kFinished; }

bool SameContent(const std::optional<Observation>& a, const std::optional<Observation>& b) {
  if (!a.has_value() || !b.has_value()) return a.has_value() == b.has_value();
  for (const Quantity quantity : kAllQuantities) {
    if (ValueOf(*a, quantity) != ValueOf(*b, quantity)) return false;
  }
  return a->weight == b->weight;
}

// The list of sources as pages show it: those found, then those that follow.
std::vector<QuantitySource> Describe(const SourceMapping& mapping) {
  std::vector<QuantitySource> sources;
  const auto describe = [&](Quantity quantity, const std::optional<SourceChoice>& choice, bool derivable) {
    const std::string name(QuantityName(quantity));
    if (choice.has_value()) {
      const Source& source = choice->source;
      sources.push_back({name, SourceKindName(source.kind), source.key, choice->reason, choice->by_hand, source.unit, source.convention});
    } else if (derivable) {
      sources.push_back({name, "derived", "6ND", "not logged; follows from the others by C = 6ND"});
    }
  };
  const bool has_n = mapping.parameter_count.has_value(), has_d = mapping.token_count.has_value();
  const bool has_c = mapping.training_flops.has_value();
  describe(Quantity::kLoss, mapping.loss, false);
  describe(Quantity::kParameterCount, mapping.parameter_count, has_c && has_d);
  describe(Quantity::kTokenCount, mapping.token_count, has_c && has_n);
  describe(Quantity::kTrainingFlops, mapping.training_flops, has_n && has_d);
  for (const auto& [quantity, choice] : mapping.qualifiers) describe(quantity, choice, false);
  return sources;
}

}  // namespace

void StudyRecognizer::SetMapping(const MappingSettings& settings) {
  sources_ = SourceCounts(settings);
  for (const auto& [run_id, run] : runs_) {
    if (IsFinished(run.record)) sources_.Add(run.record);
  }
}

void StudyRecognizer::Set(RunRecord run) {
  const auto [entry, added] = runs_.try_emplace(run.run_id);
  if (!added) Count(entry->second.record, -1);
  unread_.insert(run.run_id);
  entry->second.stale_time_ms = StaleTimeMs(run);
  entry->second.record = OnlySources(std::move(run), sources_.settings());
  Count(entry->second.record, 1);
}

void StudyRecognizer::Erase(const std::string& run_id) {
  const auto entry = runs_.find(run_id);
  if (entry == runs_.end()) return;
  Count(entry->second.record, -1);
  Replace(run_id, entry->second.observed.observation, std::nullopt);
  runs_.erase(entry);
  unread_.erase(run_id);
}

void StudyRecognizer::Count(const RunRecord& run, int64_t change) {
  if (run.deleted) return;
  run_count_ += change;
  if (IsRunning(run)) running_count_ += change;
  if (HasEnded(run)) ended_count_ += change;
  if (!IsFinished(run)) return;
  if (change > 0) sources_.Add(run);
  if (change < 0) sources_.Remove(run);
}

void StudyRecognizer::Observe(Run& run) {
  ObservedRun observed;
  if (!run.record.deleted && HasEnded(run.record)) observed = ObserveRun(run.record, mapping_);
  Replace(run.record.run_id, run.observed.observation, std::move(observed.observation));
  run.observed.excluded = std::move(observed.excluded);
}

void StudyRecognizer::Replace(const std::string& run_id, std::optional<Observation>& observation,
                              std::optional<Observation> now) {
  if (!SameContent(observation, now)) before_.try_emplace(run_id, observation);
  if (observation.has_value()) key_.Remove(*observation);
  if (now.has_value()) key_.Add(*now);
  observation = std::move(now);
}

std::vector<std::string> StudyRecognizer::AllRuns() const {
  std::vector<std::string> all;
  for (const auto& [run_id, run] : runs_) all.push_back(run_id);
  return all;
}

std::vector<std::string> StudyRecognizer::RunningRuns() const {
  std::vector<std::string> running;
  for (const auto& [run_id, run] : runs_) {
    if (!run.record.deleted && IsRunning(run.record)) running.push_back(run_id);
  }
  return running;
}

void StudyRecognizer::ListStaleRuns(int64_t now_ms, RecognizedStudy& study) const {
  for (const auto& [run_id, run] : runs_) {
    if (!run.stale_time_ms.has_value() || now_ms < *run.stale_time_ms) continue;
    ++study.stale_count;
    const std::string heard = absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", absl::FromUnixMillis(run.record.heard_time_ms), absl::UTCTimeZone());
    study.excluded.push_back({.run_id = run_id,
                              .run_name = run.record.run_name,
                              .reason = absl::StrCat("stale: RUNNING in the tracker, but nothing was heard of it since ", heard)});
  }
}

RecognizedStudy StudyRecognizer::Recognize(int64_t now_ms) {
  SourceMapping mapping = ChooseSources(sources_);
  const bool reread_all = !mapping.ReadsAs(mapping_);
  mapping_ = std::move(mapping);
  if (reread_all) {
    for (auto& [run_id, run] : runs_) Observe(run);
  } else {
    for (const std::string& run_id : unread_) Observe(runs_.at(run_id));
  }
  unread_.clear();

  RecognizedStudy study;
  study.mapping = Describe(mapping_);
  study.missing = mapping_.Missing();
  study.setting_issues = sources_.Unfound();
  if (mapping_.parameter_count.has_value()) study.convention = mapping_.parameter_count->source.convention;
  study.observations.reserve(static_cast<size_t>(ended_count_));
  ListStaleRuns(now_ms, study);
  study.running_count = running_count_ - study.stale_count;
  std::vector<Exclusion> of_finished;
  for (const auto& [run_id, run] : runs_) {
    const bool stale = run.stale_time_ms.has_value() && now_ms >= *run.stale_time_ms;
    if (!run.record.deleted && run.record.status == RunStatus::kRunning && !stale) study.running_run_ids.push_back(run_id);
    if (run.observed.observation.has_value()) study.observations.push_back(*run.observed.observation);
    std::vector<Exclusion>& excluded = IsFinished(run.record) ? of_finished : study.excluded;
    excluded.insert(excluded.end(), run.observed.excluded.begin(), run.observed.excluded.end());
  }
  study.excluded.insert(study.excluded.end(), of_finished.begin(), of_finished.end());
  return study;
}

std::vector<ObservationChange> StudyRecognizer::Changes() const {
  std::vector<ObservationChange> changes;
  for (const auto& [run_id, before] : before_) {
    const auto run = runs_.find(run_id);
    const std::optional<Observation> after =
        run == runs_.end() ? std::nullopt : run->second.observed.observation;
    if (!SameContent(before, after)) changes.push_back({.run_id = run_id, .before = before, .after = after});
  }
  return changes;
}

}  // namespace isoflop
