#include "plugin/study/study_settings.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/law/published_exponents.h"
#include "core/law/registry.h"
#include "plugin/document/tolerance_text.h"

namespace isoflop {
namespace {

constexpr char kToleranceSetting[] = "isoflop.tolerance";
constexpr char kPriorSetting[] = "isoflop.prior";

void ReadMapping(const std::string& tag, const std::string& value, StudySettings& settings) {
  absl::StatusOr<std::pair<Quantity, SourceSetting>> read = ParseSourceSetting(tag, value);
  if (!read.ok()) {
    settings.issues.push_back({tag, value, std::string(read.status().message())});
    return;
  }
  const auto [setting, added] = settings.mapping.emplace(read->first, std::move(read->second));
  if (!added) settings.issues.push_back({tag, value, absl::StrCat("the same quantity is set by ", setting->second.tag)});
}

void ReadTolerance(const std::string& tag, const std::string& value, StudySettings& settings) {
  const absl::StatusOr<double> read = ParseTolerance(value);
  if (read.ok()) {
    settings.tolerance = *read;
  } else {
    settings.issues.push_back({tag, value, std::string(read.status().message())});
  }
}

void ReadPrior(const std::string& tag, const std::string& value, StudySettings& settings) {
  const absl::StatusOr<PublishedExponents> known = FindPublishedExponents(value);
  if (known.ok()) {
    settings.published_prior = value;
  } else {
    settings.issues.push_back({tag, value, std::string(known.status().message())});
  }
}

}  // namespace

std::string PublishedPriorOf(const StudySettings& settings, const std::string& law) {
  const absl::StatusOr<const Law*> found = FindLaw(law);
  return found.ok() && TakesPublishedExponents(**found) ? settings.published_prior : "";
}

StudySettings ParseStudySettings(SettingTags tags) {
  StudySettings settings;
  for (const auto& [name, value] : tags) {
    if (absl::StartsWith(name, absl::string_view(kMappingPrefix.data(), kMappingPrefix.size()))) ReadMapping(name, value, settings);
    if (name == kPriorSetting) ReadPrior(name, value, settings);
    if (name == kToleranceSetting) ReadTolerance(name, value, settings);
  }
  settings.tags = std::move(tags);
  return settings;
}

}  // namespace isoflop
