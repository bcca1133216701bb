#include "plugin/service/event_log.h"

#include <algorithm>
#include <string_view>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"

namespace isoflop {
namespace {

bool NeedsQuotes(const std::string& value) {
  return value.empty() || std::any_of(value.begin(), value.end(), [](char c) {
           return absl::ascii_isspace(c) || absl::ascii_iscntrl(c) || c == '"' || c == '=' || c == '\\';
         });
}

LogLine FailureLine(const std::string& event, const KeeperEvent& failure) {
  LogLine line(LogLevel::kWarning, event);
  line.With("study", failure.study_id);
  if (!failure.law.empty()) line.With("law", failure.law);
  return line.With("status", failure.status.ToString());
}

LogLine VersionLine(const std::string& event, const KeeperEvent& made) {
  return LogLine(LogLevel::kInfo, event)
      .With("study", made.study_id)
      .With("law", made.law)
      .With("version", made.version)
      .With("observation_count", made.observation_count);
}

}  // namespace

LogLine::LogLine(LogLevel level, const std::string& event) {
  text_ = absl::StrCat("level=", level == LogLevel::kInfo ? "info" : "warning", " event=", event);
}

LogLine& LogLine::With(const std::string& key, const std::string& value) {
  return Add(key, NeedsQuotes(value) ? absl::StrCat("\"", absl::Utf8SafeCEscape(value), "\"") : value);
}

LogLine& LogLine::Add(const std::string& key, const std::string& value) {
  absl::StrAppend(&text_, " ", key, "=", value);
  return *this;
}

LogLine LineOf(const KeeperEvent& event) {
  switch (event.kind) {
    case KeeperEvent::Kind::kAdopted:
      return VersionLine("adopted", event);
    case KeeperEvent::Kind::kRefit:
      return VersionLine("refit", event)
          .With("kind", std::string(RefitKindName(event.refit)))
          .With("duration_ms", event.duration_ms)
          .With("lag_ms", event.lag_ms);
    case KeeperEvent::Kind::kIntervals:
      return VersionLine("intervals", event).With("duration_ms", event.duration_ms);
    case KeeperEvent::Kind::kRefitFailed:
      return FailureLine("refit_failed", event);
    case KeeperEvent::Kind::kLawWaits:
      return LogLine(LogLevel::kInfo, "law_waits")
          .With("study", event.study_id)
          .With("law", event.law)
          .With("reason", std::string(event.status.message()));
    case KeeperEvent::Kind::kIntervalsFailed:
      break;
  }
  return FailureLine("intervals_failed", event);
}

LogLine LineOf(const StoreLoss& loss) {
  LogLine line(LogLevel::kWarning, "store_loss");
  line.With("reason", loss.reason);
  if (!loss.set_aside.empty()) line.With("set_aside", loss.set_aside);
  const auto add = [&line](const char* key, const std::optional<int64_t>& count) {
    line.With(key, count.has_value() ? absl::StrCat(*count) : "unknown");
  };
  add("lost_event_count", loss.event_count);
  add("lost_run_count", loss.run_count);
  add("lost_point_count", loss.point_count);
  return line.With("kept_law_version_count", loss.kept_law_version_count)
      .With("next", std::string("what the tracker holds comes back as it is reconciled"));
}

}  // namespace isoflop
