#include "plugin/recognize/source_choice.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_format.h"
#include "plugin/recognize/exclusion_tag.h"

namespace isoflop {
namespace {

// What was seen counts for more than what was planned, except for the size, which does not change as a run goes on.
std::vector<SourceKind> KindsOf(Quantity quantity) {
  if (quantity == Quantity::kLoss) return {SourceKind::kMetric};
  if (quantity == Quantity::kParameterCount) return {SourceKind::kParam, SourceKind::kTag, SourceKind::kMetric};
  if (quantity == Quantity::kLearningRate) return {SourceKind::kParam, SourceKind::kTag};  // The metric is the rate of the moment, not the peak.
  return {SourceKind::kMetric, SourceKind::kParam, SourceKind::kTag};
}

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

}  // namespace

const char* SourceKindName(SourceKind kind) {
  switch (kind) {
    case SourceKind::kParam:
      return "param";
    case SourceKind::kMetric:
      return "metric";
    case SourceKind::kTag:
      return "tag";
  }
  return "";
}

void SourceCounts::Count(const RunRecord& run, int64_t change) {
  run_count_ += change;
  const auto count = [&](SourceKind kind, const auto& entries) {
    for (const auto& [key, value] : entries) {
      const KnownName* known = KnownSource(kind, key);
      if (known == nullptr) continue;
      Candidates& candidates = candidates_[known->quantity];
      const auto candidate = candidates.try_emplace({kind, key}, 0).first;
      candidate->second += change;
      if (candidate->second == 0) candidates.erase(candidate);
    }
  };
  count(SourceKind::kParam, run.params);
  count(SourceKind::kTag, run.tags);
  count(SourceKind::kMetric, run.metrics);
}

std::optional<SourceChoice> SourceCounts::Choose(Quantity quantity) const {
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
    best = Source{where.first, where.second, known};
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

RunRecord OnlySources(RunRecord run) {
  const auto strip = [](SourceKind kind, auto& entries) {
    std::erase_if(entries, [kind](const auto& entry) { return KnownSource(kind, entry.first) == nullptr; });
  };
  strip(SourceKind::kParam, run.params);
  auto mark = run.tags.extract(std::string(kExclusionTag));
  strip(SourceKind::kTag, run.tags);
  if (!mark.empty()) run.tags.insert(std::move(mark));
  strip(SourceKind::kMetric, run.metrics);
  return run;
}

}  // namespace isoflop
