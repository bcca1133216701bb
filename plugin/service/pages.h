#ifndef ISOFLOP_PLUGIN_SERVICE_PAGES_H_
#define ISOFLOP_PLUGIN_SERVICE_PAGES_H_

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/advice/trade_offs.h"
#include "plugin/document/runs_document.h"
#include "plugin/service/forecast_pages.h"
#include "plugin/store/run_store.h"
#include "plugin/study/view_publisher.h"

namespace isoflop {

// A document and a tag that differs exactly when the document does.
struct Page {
  std::string json;
  std::string entity_tag;
};
using SharedPage = std::shared_ptr<const Page>;

// Writes the JSON documents that pages show, and remembers the latest. Thread safe; never waits for a refit. All return
// NotFound for an unknown study.
class Pages {
 public:
  Pages(RunStore& store, const ViewPublisher& views) : store_(store), views_(views), forecasts_(store) {}

  // The panel for a budget in FLOPs, or for the default one, by a version of the law, or by the newest for 0. InvalidArgument for a budget that
  // is not positive and finite; NotFound for a version that there is not.
  absl::StatusOr<SharedPage> Panel(const std::string& study_id, std::optional<double> budget_flops, int64_t version);

  // A version of the law, as `isoflop fit --format json` prints it, with "refit" besides; 0 for the newest. `law` empty:
  // the one that pages show. NotFound when there is none.
  absl::StatusOr<SharedPage> Law(const std::string& study_id, const std::string& law, int64_t version);

  // The runs that the law is fitted to (plugin/document/runs_document.h). `version` as Panel.
  absl::StatusOr<SharedPage> Runs(const std::string& study_id, int64_t version, const RunChoice& choice);

  // The newest versions of a law, newest first: at most `count`, and never more than kGreatestVersionCount; 0 for as many as there are, each with
  // the ids of the runs that came and went.
  absl::StatusOr<SharedPage> LawVersions(const std::string& study_id, const std::string& law, int count);

  // As `isoflop advise --format json` prints it; `tolerance` absent: what the study has set. NotFound when there is no law; FailedPrecondition when it cannot be
  // acted on.
  absl::StatusOr<SharedPage> Advice(const std::string& study_id, const std::vector<double>& budget_flops, const std::optional<double>& tolerance);

  // What the panel's slider moves on, and what another size gives up at a budget; `version` as Panel. Codes as Advice.
  absl::StatusOr<SharedPage> AdviceGrid(const std::string& study_id, int64_t version);
  absl::StatusOr<SharedPage> OtherSizes(const std::string& study_id, double budget_flops, int64_t version);

  // What would be advised with one run left out, or taken in again. NotFound when there is no such run; else codes as Advice.
  absl::StatusOr<SharedPage> Exclusion(const std::string& study_id, const std::string& run_id, bool excluded, double budget_flops);

  // Trade-offs (plugin/document/trade_offs_document.h), for the default budget of the panel where the question gives none. `run_id` empty: the
  // plan. Codes as Advice; InvalidArgument names what is wrong with the question.
  absl::StatusOr<SharedPage> TradeOffs(const std::string& study_id, TradeOffsQuestion question, const std::string& run_id, int64_t version);

  // What to launch next (plugin/document/next_runs_document.h), for a target and a sweep in FLOPs, or for the usual ones. NotFound when there is no law;
  // FailedPrecondition when it is not of a form to design runs with.
  absl::StatusOr<SharedPage> NextRuns(const std::string& study_id, std::optional<double> target_flops, std::optional<double> sweep_flops);

  // Recorded plans and the runs that they led to (plugin/document/planned_runs_document.h).
  absl::StatusOr<SharedPage> PlannedRuns(const std::string& study_id);

  // Of the runs under way (plugin/document/forecasts_document.h).
  absl::StatusOr<SharedPage> Forecasts(const std::string& study_id);

  // What the codes of a check's findings mean (plugin/check/explain_json.h).
  absl::StatusOr<SharedPage> FindingCodes();

  static constexpr int kGreatestVersionCount = 200;

 private:
  struct KeptPanel {
    ViewPublisher::View view;
    std::optional<double> budget_flops;
    int64_t version = 0;  // As asked for.
    SharedPage page;
  };
  SharedPage FindPanel(const ViewPublisher::View& view, std::optional<double> budget_flops, int64_t version);
  void KeepPanel(KeptPanel panel);

  RunStore& store_;
  const ViewPublisher& views_;
  ForecastPages forecasts_;
  std::mutex mutex_;
  std::list<KeptPanel> panels_;  // Latest used first. Guarded by mutex_.
};

// The study's newest view; NotFound when it is unknown.
absl::StatusOr<ViewPublisher::View> FindView(const ViewPublisher& views, const std::string& study_id);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_SERVICE_PAGES_H_
