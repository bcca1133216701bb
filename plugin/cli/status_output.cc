#include "plugin/cli/status_output.h"

#include <google/protobuf/util/time_util.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"

namespace isoflop {
namespace {

using google::protobuf::util::TimeUtil;
using nlohmann::ordered_json;

double Seconds(const google::protobuf::Duration& duration) {
  return static_cast<double>(TimeUtil::DurationToMicroseconds(duration)) / 1e6;
}

std::string KindName(const v1::Refit& refit) { return absl::AsciiStrToLower(v1::Refit::Kind_Name(refit.kind())); }

std::string StudyId(const v1::StudyStatus& study) {
  return std::string(absl::StripPrefix(absl::string_view(study.study()), "studies/"));
}

ordered_json RefitObject(const v1::Refit& refit) {
  ordered_json object = {{"kind", KindName(refit)}, {"duration_ms", 1000 * Seconds(refit.duration())}};
  object["intervals_duration_ms"] =
      refit.has_intervals_duration() ? ordered_json(1000 * Seconds(refit.intervals_duration())) : ordered_json();
  const auto known = [&](auto value) { return refit.has_change() ? ordered_json(value) : ordered_json(); };
  object["added_count"] = known(refit.change().added().count());
  object["corrected_count"] = known(refit.change().corrected().count());
  object["withdrawn_count"] = known(refit.change().withdrawn().count());
  object["mapping_changed"] = known(refit.change().mapping_changed());
  object["basin_changed"] = refit.basin_changed();
  return object;
}

ordered_json StudyObject(const v1::StudyStatus& study) {
  ordered_json laws = ordered_json::array();
  for (const v1::LawStatus& law : study.laws()) {
    laws.push_back({{"law", law.law()},
                    {"version", law.version()},
                    {"observation_count", law.observation_count()},
                    {"create_time", TimeUtil::ToString(law.create_time())},
                    {"intervals_ready", law.intervals_ready()},
                    {"refit", RefitObject(law.refit())}});
  }
  return {{"study", StudyId(study)},
          {"display_name", study.display_name()},
          {"run_count", study.run_count()},
          {"running_run_count", study.running_run_count()},
          {"ended_run_count", study.ended_run_count()},
          {"observation_count", study.observation_count()},
          {"lag_sec", study.has_lag() ? ordered_json(Seconds(study.lag())) : ordered_json()},
          {"laws", std::move(laws)}};
}

using Row = std::vector<std::string>;

// A row for each law of the study; one without a law where it has none.
void AddRows(const v1::StudyStatus& study, std::vector<Row>& rows) {
  const Row runs = {StudyId(study), study.display_name(), absl::StrCat(study.run_count()),
                    absl::StrCat(study.running_run_count()), absl::StrCat(study.observation_count())};
  const std::string lag = study.has_lag() ? absl::StrFormat("%.1f s", Seconds(study.lag())) : "-";
  for (const v1::LawStatus& law : study.laws()) {
    Row row = runs;
    row.insert(row.end(), {law.law(), absl::StrCat(law.version()), law.intervals_ready() ? "ready" : "computing",
                           TimeUtil::ToString(TimeUtil::SecondsToTimestamp(law.create_time().seconds())),
                           absl::StrFormat("%s, %.3g ms", KindName(law.refit()), 1000 * Seconds(law.refit().duration())),
                           lag});
    rows.push_back(std::move(row));
  }
  if (!study.laws().empty()) return;
  Row row = runs;
  row.insert(row.end(), {"-", "-", "-", "-", "-", lag});
  rows.push_back(std::move(row));
}

// Characters, not bytes: names may be in any script.
size_t WidthOf(const std::string& text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

std::string Aligned(const std::vector<Row>& rows) {
  std::vector<size_t> widths(rows.front().size());
  for (const Row& row : rows) {
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], WidthOf(row[i]));
  }
  std::string text;
  for (const Row& row : rows) {
    Row cells = row;
    for (size_t i = 0; i + 1 < cells.size(); ++i) cells[i].append(widths[i] - WidthOf(cells[i]), ' ');
    absl::StrAppend(&text, absl::StrJoin(cells, "  "), "\n");
  }
  return text;
}

}  // namespace

std::string StatusTable(const v1::ServerStatus& status) {
  std::vector<Row> rows = {
      {"study", "name", "runs", "running", "used", "law", "version", "intervals", "made", "refit", "lag"}};
  for (const v1::StudyStatus& study : status.studies()) AddRows(study, rows);
  std::string text = rows.size() == 1 ? "No studies yet.\n" : Aligned(rows);
  const v1::QueueStatus& queue = status.queue();
  absl::StrAppend(&text, "\n", queue.waiting_study_count(), " studies wait to be refitted, ",
                  queue.refitting_study_count(), " are; the intervals of ", queue.waiting_interval_count(),
                  " laws wait, ", queue.computing_interval_count(), " are computed. The oldest change waits for ",
                  absl::StrFormat("%.1f s.\n", Seconds(queue.lag())));
  absl::StrAppend(&text, "isoflop ", status.version(), ", up since ",
                  TimeUtil::ToString(TimeUtil::SecondsToTimestamp(status.start_time().seconds())), ", ",
                  status.acknowledged_event_count(), " run events stored.\n");
  return text;
}

std::string StatusJson(const v1::ServerStatus& status) {
  ordered_json studies = ordered_json::array();
  for (const v1::StudyStatus& study : status.studies()) studies.push_back(StudyObject(study));
  const v1::QueueStatus& queue = status.queue();
  const ordered_json document = {{"schema_version", 1},
                                 {"version", status.version()},
                                 {"start_time", TimeUtil::ToString(status.start_time())},
                                 {"acknowledged_event_count", status.acknowledged_event_count()},
                                 {"queue",
                                  {{"waiting_study_count", queue.waiting_study_count()},
                                   {"refitting_study_count", queue.refitting_study_count()},
                                   {"waiting_interval_count", queue.waiting_interval_count()},
                                   {"computing_interval_count", queue.computing_interval_count()},
                                   {"lag_sec", Seconds(queue.lag())}}},
                                 {"studies", std::move(studies)}};
  return document.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace isoflop
