#ifndef ISOFLOP_PLUGIN_STUDY_STUDY_SETTINGS_H_
#define ISOFLOP_PLUGIN_STUDY_STUDY_SETTINGS_H_

#include <vector>

#include "plugin/recognize/source_setting.h"
#include "plugin/store/run_store.h"

namespace isoflop {

// What a team has set for a study.
struct StudySettings {
  SettingTags tags;                  // As the tracker has them.
  MappingSettings mapping;           // isoflop.mapping.*
  std::vector<SettingIssue> issues;  // Of those tags that are not used.
};

// Reads the tags. One that is bad is an issue, and as if it were not set. Tags that only pages use, such as what a GPU costs, stand in `tags`.
StudySettings ParseStudySettings(SettingTags tags);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_STUDY_STUDY_SETTINGS_H_
