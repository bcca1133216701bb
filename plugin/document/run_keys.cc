#include "plugin/document/run_keys.h"

#include <algorithm>
#include <string_view>
#include <vector>

namespace isoflop {
namespace {

constexpr size_t kSpareCharacters = 3;  // Of a hexadecimal id: one new run in thousands would start like one of those drawn.

std::vector<std::string_view> SortedRunIds(const RecognizedStudy& study) {
  std::vector<std::string_view> ids;
  for (const Observation& run : study.observations) ids.push_back(run.run_id);
  for (const Exclusion& run : study.excluded) ids.push_back(run.run_id);
  ids.insert(ids.end(), study.running_run_ids.begin(), study.running_run_ids.end());
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

}  // namespace

size_t RunKeyLength(const RecognizedStudy& study) {
  const std::vector<std::string_view> ids = SortedRunIds(study);
  size_t longest_common = 0;  // Of two that differ; neighbours have the most in common.
  for (size_t at = 1; at < ids.size(); ++at) {
    const auto [end, other] = std::mismatch(ids[at - 1].begin(), ids[at - 1].end(), ids[at].begin(), ids[at].end());
    longest_common = std::max(longest_common, static_cast<size_t>(end - ids[at - 1].begin()));
  }
  return longest_common + 1 + kSpareCharacters;
}

}  // namespace isoflop
