#include "plugin/ingest/event_rules.h"

#include <string>
#include <string_view>
#include <variant>

#include "absl/strings/str_cat.h"
#include "core/base/status.h"

namespace isoflop {
namespace {

absl::Status CheckLength(const char* field, const std::string& value, size_t greatest) {
  if (value.size() <= greatest) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(field, " must have at most ", greatest, " bytes, got ", value.size()));
}

// A study's id is part of resource names.
absl::Status CheckStudyId(const std::string& study_id) {
  RETURN_IF_ERROR(CheckLength("study_id", study_id, kGreatestStudyIdBytes));
  if (study_id.find('/') == std::string::npos) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("study_id must not contain \"/\", got \"", study_id, "\""));
}

absl::Status CheckPoints(const MetricPoints& points) {
  if (points.key.empty()) return absl::InvalidArgumentError("key must not be empty, got \"\"");
  RETURN_IF_ERROR(CheckLength("key", points.key, kGreatestMetricKeyBytes));
  if (points.steps.size() != points.times_ms.size() || points.steps.size() != points.values.size()) {
    return absl::InvalidArgumentError(absl::StrCat("steps, times_ms and values must have equal lengths, got ",
                                                   points.steps.size(), ", ", points.times_ms.size(), " and ",
                                                   points.values.size()));
  }
  return absl::OkStatus();
}

absl::Status CheckPointCount(size_t count) {
  if (count <= kGreatestPointCount) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("steps must have at most ", kGreatestPointCount, " points an event, got ", count));
}

absl::Status CheckNames(const NamedValues& params, const NamedValues& tags) {
  if (params.size() + tags.size() > kGreatestNameCount) {
    return absl::InvalidArgumentError(absl::StrCat("params and tags must be at most ", kGreatestNameCount,
                                                   " an event, got ", params.size() + tags.size()));
  }
  for (const auto& [key, value] : params) RETURN_IF_ERROR(CheckLength("key of params", key, kGreatestNameBytes));
  for (const auto& [key, value] : tags) RETURN_IF_ERROR(CheckLength("key of tags", key, kGreatestNameBytes));
  return absl::OkStatus();
}

absl::Status CheckKind(const RunStarted& started) {
  RETURN_IF_ERROR(CheckLength("run_name", started.run_name, kGreatestNameBytes));
  return CheckStudyId(started.study_id);
}

absl::Status CheckKind(const ParamsAndTags& names) {
  if (names.removed_tags.size() > kGreatestNameCount) {
    return absl::InvalidArgumentError(
        absl::StrCat("removed_tags must be at most ", kGreatestNameCount, ", got ", names.removed_tags.size()));
  }
  return CheckNames(names.params, names.tags);
}

absl::Status CheckKind(const MetricPoints& points) {
  RETURN_IF_ERROR(CheckPoints(points));
  return CheckPointCount(points.steps.size());
}

absl::Status CheckKind(const RunEnded& ended) {
  if (ended.status == RunStatus::kFinished || ended.status == RunStatus::kFailed ||
      ended.status == RunStatus::kKilled) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrCat("status must be FINISHED, FAILED or KILLED, got ", static_cast<int>(ended.status)));
}

absl::Status CheckKind(const RunDeleted&) { return absl::OkStatus(); }

absl::Status CheckKind(const RunRestored&) { return absl::OkStatus(); }

absl::Status CheckKind(const RunSnapshot& snapshot) {
  if (snapshot.study_id.empty()) return absl::InvalidArgumentError("study_id must not be empty, got \"\"");
  RETURN_IF_ERROR(CheckStudyId(snapshot.study_id));
  RETURN_IF_ERROR(CheckLength("run_name", snapshot.run_name, kGreatestNameBytes));
  RETURN_IF_ERROR(CheckNames(snapshot.params, snapshot.tags));
  if (snapshot.status < RunStatus::kRunning || snapshot.status > RunStatus::kKilled) {
    return absl::InvalidArgumentError(
        absl::StrCat("status must be one of RunStatus, got ", static_cast<int>(snapshot.status)));
  }
  size_t point_count = 0;
  for (const MetricPoints& points : snapshot.metrics) {
    RETURN_IF_ERROR(CheckPoints(points));
    point_count += points.steps.size();
  }
  return CheckPointCount(point_count);
}

}  // namespace

absl::Status CheckEvent(const RunEvent& event) {
  if (event.run_id.empty()) return absl::InvalidArgumentError("run_id must not be empty, got \"\"");
  RETURN_IF_ERROR(CheckLength("run_id", event.run_id, kGreatestRunIdBytes));
  return std::visit([](const auto& kind) { return CheckKind(kind); }, event.kind);
}

}  // namespace isoflop
