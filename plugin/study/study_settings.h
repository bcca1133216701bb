#ifndef ISOFLOP_PLUGIN_STUDY_STUDY_SETTINGS_H_
#define ISOFLOP_PLUGIN_STUDY_STUDY_SETTINGS_H_

#include <optional>
#include <string>
#include <vector>

#include "plugin/recognize/source_setting.h"
#include "plugin/store/run_store.h"

namespace isoflop {

// What a team has set for a study.
struct StudySettings {
  SettingTags tags;                  // As the tracker has them.
  MappingSettings mapping;           // isoflop.mapping.*
  std::optional<double> tolerance;   // isoflop.tolerance: what counts as good (core/advice/as_good.h).
  std::string published_prior;       // isoflop.prior: a law of core/law/published_exponents.h; empty: none.
  std::vector<SettingIssue> issues;  // Of those tags that are not used.
};

// The published law whose exponents are priors of a study's law: the one that is set where the law has such exponents, else none.
std::string PublishedPriorOf(const StudySettings& settings, const std::string& law);

// Reads the tags. One that is bad is an issue, and as if it were not set. Tags that only pages use, such as what a GPU costs, stand in `tags`.
StudySettings ParseStudySettings(SettingTags tags);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_STUDY_STUDY_SETTINGS_H_
