#include "plugin/study/study_settings.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace isoflop {
namespace {

void ReadMapping(const std::string& tag, const std::string& value, StudySettings& settings) {
  absl::StatusOr<std::pair<Quantity, SourceSetting>> read = ParseSourceSetting(tag, value);
  if (!read.ok()) {
    settings.issues.push_back({tag, value, std::string(read.status().message())});
    return;
  }
  const auto [setting, added] = settings.mapping.emplace(read->first, std::move(read->second));
  if (!added) settings.issues.push_back({tag, value, absl::StrCat("the same quantity is set by ", setting->second.tag)});
}

}  // namespace

StudySettings ParseStudySettings(SettingTags tags) {
  StudySettings settings;
  for (const auto& [name, value] : tags) {
    if (absl::StartsWith(name, absl::string_view(kMappingPrefix.data(), kMappingPrefix.size()))) ReadMapping(name, value, settings);
  }
  settings.tags = std::move(tags);
  return settings;
}

}  // namespace isoflop
