#include "plugin/recognize/source_choice.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_format.h"
#include "plugin/recognize/exclusion_tag.h"
#include "plugin/recognize/quantity_names.h"

namespace isoflop {
namespace {

// What `key` names when it stands among the entries of `kind`; null when that is no source.
const KnownName* KnownSource(SourceKind kind, const std::string& key) {
  if (key.size() == 1) return nullptr;  // "N" or "c" may be anything in a tracker.
  const KnownName* known = FindKnownName(key);
  if (known == nullptr) return nullptr;
  const std::vector<SourceKind> kinds = KindsOf(known->quantity);
  return std::find(kinds.begin(), kinds.end(), kind) == kinds.end() ? nullptr : known;
}

// By name, then by kind; lower is better.
size_t RankOf(const KnownName& known, SourceKind kind) {
  const std::vector<SourceKind> kinds = KindsOf(known.quantity);
  const size_t name = static_cast<size_t>(&known - KnownNames(known.quantity).data());
  return name * kinds.size() + static_cast<size_t>(std::find(kinds.begin(), kinds.end(), kind) - kinds.begin());
}

bool IsSetTo(const SourceSetting& setting, Quantity quantity, SourceKind kind, const std::string& key) {
  if (setting.nowhere || setting.key != key) return false;
  if (setting.kind) return *setting.kind == kind;
  const std::vector<SourceKind> kinds = KindsOf(quantity);
  return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

bool MayBeRead(SourceKind kind, const std::string& key, const MappingSettings& settings) {
  return KnownSource(kind, key) != nullptr ||
         std::any_of(settings.begin(), settings.end(), [&](const auto& entry) { return IsSetTo(entry.second, entry.first, kind, key); });
}

}  // namespace

void SourceCounts::Count(const RunRecord& run, int64_t change) {
  run_count_ += change;
  const auto add = [&](Candidates& candidates, SourceKind kind, const std::string& key) {
    const auto candidate = candidates.try_emplace({kind, key}, 0).first;
    candidate->second += change;
    if (candidate->second == 0) candidates.erase(candidate);
  };
  const auto count = [&](SourceKind kind, const auto& entries) {
    for (const auto& [key, value] : entries) {
      bool claimed = false;
      for (const auto& [quantity, setting] : settings_) {
        if (!IsSetTo(setting, quantity, kind, key)) continue;
        claimed = true;
        add(set_[quantity], kind, key);
      }
      const KnownName* known = claimed ? nullptr : KnownSource(kind, key);
      if (known != nullptr) add(candidates_[known->quantity], kind, key);
    }
  };
  count(SourceKind::kParam, run.params);
  count(SourceKind::kTag, run.tags);
  count(SourceKind::kMetric, run.metrics);
}

std::optional<SourceChoice> SourceCounts::Choose(Quantity quantity) const {
  const auto setting = settings_.find(quantity);
  if (setting == settings_.end()) return Guess(quantity);
  if (setting->second.nowhere) return std::nullopt;
  std::optional<SourceChoice> as_set = ChooseAsSet(quantity, setting->second);
  return as_set ? as_set : Guess(quantity);
}

std::optional<SourceChoice> SourceCounts::ChooseAsSet(Quantity quantity, const SourceSetting& setting) const {
  const auto found = set_.find(quantity);
  if (found == set_.end()) return std::nullopt;
  for (const SourceKind kind : KindsOf(quantity)) {
    const auto count = found->second.find({kind, setting.key});
    if (count == found->second.end()) continue;
    return SourceChoice{.source = {kind, setting.key, setting.unit, setting.convention},
                        .reason = absl::StrFormat("set by hand; in %d of %d finished runs", count->second, run_count_),
                        .by_hand = true};
  }
  return std::nullopt;
}

std::optional<SourceChoice> SourceCounts::Guess(Quantity quantity) const {
  const auto found = candidates_.find(quantity);
  if (found == candidates_.end() || found->second.empty()) return std::nullopt;
  int64_t most = 0;
  for (const auto& [where, count] : found->second) most = std::max(most, count);
  std::optional<Source> best;
  size_t best_rank = 0;
  for (const auto& [where, count] : found->second) {
    if (2 * count < most) continue;
    const KnownName* known = FindKnownName(where.second);
    const size_t rank = RankOf(*known, where.first);
    if (best.has_value() && rank >= best_rank) continue;
    best = Source{where.first, where.second, known->unit, known->convention};
    best_rank = rank;
  }
  const int64_t count = found->second.at({best->kind, best->key});
  std::string reason = absl::StrFormat("in %d of %d finished runs", count, run_count_);
  for (const auto& [where, other] : found->second) {
    if (where == std::pair(best->kind, best->key)) continue;
    reason += absl::StrFormat("; preferred to %s `%s`", SourceKindName(where.first), where.second);
  }
  return SourceChoice{*std::move(best), std::move(reason)};
}

std::vector<SettingIssue> SourceCounts::Unfound() const {
  std::vector<SettingIssue> issues;
  for (const auto& [quantity, setting] : settings_) {
    if (setting.nowhere || ChooseAsSet(quantity, setting)) continue;
    const std::string what = setting.kind ? absl::StrFormat("%s `%s`", SourceKindName(*setting.kind), setting.key) : "`" + setting.key + "`";
    issues.push_back({setting.tag, setting.value, absl::StrFormat("none of %d finished runs has %s", run_count_, what)});
  }
  return issues;
}

RunRecord OnlySources(RunRecord run, const MappingSettings& settings) {
  const auto strip = [&](SourceKind kind, auto& entries) {
    std::erase_if(entries, [&](const auto& entry) { return !MayBeRead(kind, entry.first, settings); });
  };
  strip(SourceKind::kParam, run.params);
  auto mark = run.tags.extract(std::string(kExclusionTag));
  strip(SourceKind::kTag, run.tags);
  if (!mark.empty()) run.tags.insert(std::move(mark));
  strip(SourceKind::kMetric, run.metrics);
  return run;
}

}  // namespace isoflop
