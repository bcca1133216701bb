#ifndef ISOFLOP_PLUGIN_STUDY_STUDY_VIEW_H_
#define ISOFLOP_PLUGIN_STUDY_STUDY_VIEW_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "core/fit/fit.h"
#include "plugin/document/refit_record.h"
#include "plugin/recognize/evidence_key.h"
#include "plugin/recognize/recognize.h"
#include "plugin/study/study_settings.h"

namespace isoflop {

// One version of a study's law.
struct PublishedLaw {
  Fit fit;  // fit.version is the version.
  std::optional<EvidenceKey> evidence_key;  // Of all observations that it was fitted to; absent: not those of now.
  RefitRecord refit;
  int64_t create_time_ms = 0;
  bool intervals_ready = false;
};
using SharedLaw = std::shared_ptr<const PublishedLaw>;

// What readers see of a study at one moment. Never changes once it is published.
struct StudyView {
  std::string study_id;
  std::string display_name;  // In the tracker; may be empty.
  bool deleted = false;      // In the tracker.
  int64_t run_count = 0;     // Deleted ones not counted.
  int64_t running_run_count = 0;
  int64_t ended_run_count = 0;
  std::shared_ptr<const RecognizedStudy> recognized;  // Never null.
  std::shared_ptr<const StudySettings> settings;      // Never null.
  EvidenceKey evidence_key;                           // Of what is recognised.
  SharedLaw law;                                      // The newest of the law that pages show; null when there is none.
  std::map<std::string, SharedLaw> other_laws;        // The newest of each other law that is kept, by name. Never null.
  int64_t revision = 0;                               // Grows with each view of the study.

  int64_t version() const { return law == nullptr ? 0 : law->fit.version; }

  // The newest version of a law by name; null when there is none.
  SharedLaw FindLaw(const std::string& name) const {
    if (law != nullptr && law->fit.law == name) return law;
    const auto found = other_laws.find(name);
    return found == other_laws.end() ? nullptr : found->second;
  }
};

// The law with what counts as good in its advice.
inline SharedLaw WithTolerance(SharedLaw law, const std::optional<double>& tolerance) {
  if (law->fit.as_good_tolerance == tolerance) return law;
  auto other = std::make_shared<PublishedLaw>(*law);
  other->fit.as_good_tolerance = tolerance;
  return other;
}

// Whether `law` is of what the view shows: the same observations in the same convention, under the same prior.
inline bool IsOfView(const PublishedLaw& law, const StudyView& view) {
  return law.fit.convention == view.recognized->convention && law.evidence_key == view.evidence_key &&
         law.fit.published_prior == PublishedPriorOf(*view.settings, law.fit.law);
}

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_STUDY_STUDY_VIEW_H_
