#include "plugin/study/study_of_law.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/law/registry.h"
#include "plugin/recognize/derive_counts.h"

namespace isoflop {
namespace {

bool Has(const Observation& observation, Quantity quantity) {
  if (quantity == Quantity::kUniqueTokenCount) return true;  // Every token was new.
  return ValueOf(observation, quantity) || (quantity == Quantity::kTrainingFlops && TrainingFlopsOf(observation));
}

std::string Missing(const Observation& observation, const std::vector<Quantity>& needed) {
  std::string missing;
  for (Quantity quantity : needed) {
    if (!Has(observation, quantity)) absl::StrAppend(&missing, missing.empty() ? "" : ", ", std::string(QuantityName(quantity)));
  }
  return missing;
}

}  // namespace

SharedStudy StudyOfLaw(const SharedStudy& study, const std::string& law, const std::vector<Quantity>& needed) {
  const std::vector<Observation>& all = study->observations;
  if (std::all_of(all.begin(), all.end(), [&](const Observation& one) { return Missing(one, needed).empty(); })) return study;
  RecognizedStudy narrowed = *study;
  narrowed.observations.clear();
  for (Observation observation : all) {
    DeriveCounts(needed, observation);
    const std::string missing = Missing(observation, needed);
    if (missing.empty()) {
      narrowed.observations.push_back(std::move(observation));
    } else {
      narrowed.excluded.push_back({.run_id = observation.run_id,
                                   .run_name = observation.run_name,
                                   .reason = absl::StrCat(law, " needs what was not recognised in this run: ", missing)});
    }
  }
  return std::make_shared<const RecognizedStudy>(std::move(narrowed));
}

SharedStudy StudyOfLaw(const SharedStudy& study, const std::string& law) {
  const absl::StatusOr<const Law*> found = FindLaw(law);
  if (!found.ok()) return study;
  std::vector<Quantity> needed = (*found)->inputs();
  needed.push_back((*found)->response());
  return StudyOfLaw(study, law, needed);
}

}  // namespace isoflop
