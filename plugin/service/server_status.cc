#include "plugin/service/server_status.h"

#include <google/protobuf/util/time_util.h>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "core/base/status.h"
#include "plugin/service/conversions.h"
#include "plugin/service/page_size.h"
#include "plugin/service/resource_name.h"

namespace isoflop {
namespace {

using google::protobuf::util::TimeUtil;

constexpr int kGreatestPageSize = 1000;

google::protobuf::Duration SecondsMessage(double seconds) {
  return TimeUtil::MillisecondsToDuration(static_cast<int64_t>(1000 * seconds));
}

v1::LawStatus LawMessage(const PublishedLaw& law) {
  v1::LawStatus message;
  message.set_law(law.fit.law);
  message.set_version(law.fit.version);
  message.set_observation_count(law.fit.observation_count);
  *message.mutable_create_time() = TimeUtil::MillisecondsToTimestamp(law.create_time_ms);
  message.set_intervals_ready(law.intervals_ready);
  *message.mutable_refit() = RefitMessage(law.refit);
  for (v1::ChangedRuns* runs :
       {message.mutable_refit()->mutable_change()->mutable_added(),
        message.mutable_refit()->mutable_change()->mutable_corrected(),
        message.mutable_refit()->mutable_change()->mutable_withdrawn()}) {
    runs->clear_run_ids();
  }
  if (!law.refit.change.has_value()) message.mutable_refit()->clear_change();
  return message;
}

v1::StudyStatus StudyMessage(const StudyView& view, std::optional<double> lag_sec) {
  v1::StudyStatus message;
  message.set_study(StudyName(view.study_id));
  message.set_display_name(view.display_name);
  message.set_run_count(view.run_count);
  message.set_running_run_count(view.running_run_count);
  message.set_ended_run_count(view.ended_run_count);
  message.set_observation_count(static_cast<int64_t>(view.recognized->observations.size()));
  if (lag_sec.has_value()) *message.mutable_lag() = SecondsMessage(*lag_sec);
  if (view.law != nullptr) *message.add_laws() = LawMessage(*view.law);
  for (const auto& [name, law] : view.other_laws) *message.add_laws() = LawMessage(*law);
  return message;
}

v1::QueueStatus QueueMessage(const KeeperLoad& load, const std::map<std::string, double>& lags) {
  v1::QueueStatus message;
  message.set_waiting_study_count(static_cast<int64_t>(load.waiting_study_count));
  message.set_refitting_study_count(static_cast<int64_t>(load.refitting_study_count));
  message.set_waiting_interval_count(static_cast<int64_t>(load.waiting_interval_count));
  message.set_computing_interval_count(static_cast<int64_t>(load.computing_interval_count));
  double greatest = 0;
  for (const auto& [study_id, lag_sec] : lags) greatest = std::max(greatest, lag_sec);
  *message.mutable_lag() = SecondsMessage(greatest);
  return message;
}

}  // namespace

absl::StatusOr<v1::ServerStatus> StatusMessage(StudyKeeper& keeper, const v1::GetStatusRequest& request) {
  ASSIGN_OR_RETURN(const int page_size, PageSize(request.page_size(), kGreatestPageSize, kGreatestPageSize));
  const std::map<std::string, double> lags = keeper.Lags();
  v1::ServerStatus message;
  *message.mutable_queue() = QueueMessage(keeper.load(), lags);
  std::string last;  // The token is the last study of the page before.
  for (const ViewPublisher::View& view : keeper.views().List()) {
    if (view->deleted) continue;
    message.set_study_count(message.study_count() + 1);
    if (view->study_id <= request.page_token()) continue;
    if (message.studies_size() == page_size) {
      message.set_next_page_token(last);
      continue;
    }
    const auto lag = lags.find(view->study_id);
    *message.add_studies() = StudyMessage(*view, lag == lags.end() ? std::nullopt : std::optional(lag->second));
    last = view->study_id;
  }
  return message;
}

}  // namespace isoflop
