#include "plugin/service/pages.h"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "core/base/status.h"
#include "plugin/check/explain_json.h"
#include "plugin/document/advice_grid_document.h"
#include "plugin/document/documents.h"
#include "plugin/document/exclusion_document.h"
#include "plugin/document/law_document.h"
#include "plugin/document/next_runs_document.h"
#include "plugin/document/other_sizes_document.h"
#include "plugin/document/panel_document.h"
#include "plugin/document/trade_offs_document.h"
#include "plugin/service/advise_study.h"
#include "plugin/service/exclusion_preview.h"
#include "plugin/service/planned_runs.h"
#include "plugin/service/study_law.h"
#include "plugin/service/trade_offs_of_study.h"
#include "plugin/study/study_of_law.h"

namespace isoflop {
namespace {

using nlohmann::ordered_json;

constexpr size_t kKeptPanelCount = 32;

// FNV-1a, 64 bits: fixed for all time and machines, so that tags outlive a restart.
uint64_t HashOf(const std::string& text) {
  uint64_t hash = 0xcbf29ce484222325;
  for (const unsigned char byte : text) hash = (hash ^ byte) * 0x100000001b3;
  return hash;
}

SharedPage MakePage(int64_t version, std::string json) {
  std::string entity_tag = absl::StrCat("\"", version, "-", absl::Hex(HashOf(json), absl::kZeroPad16), "\"");
  return std::make_shared<const Page>(Page{.json = std::move(json), .entity_tag = std::move(entity_tag)});
}

std::string FormatUtc(int64_t time_ms) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", absl::FromUnixMillis(time_ms), absl::UTCTimeZone());
}

// A list of versions says how many runs came and went, not which.
void DropRunIds(ordered_json& refit) {
  if (!refit.is_object()) return;
  for (ordered_json& part : refit) {
    if (part.is_object()) part.erase("run_ids");
  }
}

absl::StatusOr<ordered_json> VersionObject(const LawVersion& version) {
  const ordered_json fit = ordered_json::parse(version.document, nullptr, /*allow_exceptions=*/false);
  if (!fit.is_object()) {
    return absl::InternalError(absl::StrCat("store: version ", version.version, " of study ", version.study_id,
                                            " does not hold a JSON object"));
  }
  return ordered_json{{"version", version.version},
                      {"create_time", FormatUtc(version.created_time_ms)},
                      {"observations_hash", version.observations_hash},
                      {"observation_count", fit.value("observation_count", ordered_json())},
                      {"objective", fit.value("objective", ordered_json())},
                      {"intervals_ready", version.intervals_ready},
                      {"refit", fit.value("refit", ordered_json())},
                      {"published_prior", fit.value("published_prior", ordered_json())},
                      {"parameters", fit.value("parameters", ordered_json::array())}};
}

}  // namespace

absl::StatusOr<ViewPublisher::View> FindView(const ViewPublisher& views, const std::string& study_id) {
  ViewPublisher::View view = views.Find(study_id);
  if (view != nullptr) return view;
  return absl::NotFoundError(absl::StrCat("study: no run of study ", study_id, " is known"));
}

absl::StatusOr<SharedPage> Pages::Panel(const std::string& study_id, std::optional<double> budget_flops, int64_t version) {
  ASSIGN_OR_RETURN(const ViewPublisher::View view, FindView(views_, study_id));
  if (SharedPage kept = FindPanel(view, budget_flops, version)) return kept;
  SharedLaw law = view->law;
  if (version != 0) {
    ASSIGN_OR_RETURN(law, LawAt(store_, *view, version));
  }
  const PanelInput input = {.study_id = view->study_id,
                            .study_name = view->display_name,
                            .run_count = view->run_count,
                            .fit = law == nullptr ? nullptr : &law->fit,
                            .create_time_ms = law == nullptr ? 0 : law->create_time_ms,
                            .newest_version = view->version(),
                            .recognized = view->recognized.get(),
                            .setting_issues = view->settings->issues,
                            .budget_flops = budget_flops};
  ASSIGN_OR_RETURN(const ordered_json document, PanelDocument(input));
  SharedPage page = MakePage(view->version(), document.dump());
  KeepPanel({.view = view, .budget_flops = budget_flops, .version = version, .page = page});
  return page;
}

SharedPage Pages::FindPanel(const ViewPublisher::View& view, std::optional<double> budget_flops, int64_t version) {
  std::lock_guard<std::mutex> guard(mutex_);
  for (auto panel = panels_.begin(); panel != panels_.end(); ++panel) {
    if (panel->view != view || panel->budget_flops != budget_flops || panel->version != version) continue;
    panels_.splice(panels_.begin(), panels_, panel);
    return panel->page;
  }
  return nullptr;
}

void Pages::KeepPanel(KeptPanel panel) {
  std::lock_guard<std::mutex> guard(mutex_);
  // An older view of the study will not be asked for again, and keeps its runs in memory.
  panels_.remove_if([&](const KeptPanel& kept) {
    return kept.view->study_id == panel.view->study_id && kept.view->revision < panel.view->revision;
  });
  panels_.push_front(std::move(panel));
  if (panels_.size() > kKeptPanelCount) panels_.pop_back();
}

absl::StatusOr<SharedPage> Pages::Law(const std::string& study_id, const std::string& law, int64_t version) {
  ASSIGN_OR_RETURN(const ViewPublisher::View view, FindView(views_, study_id));
  if (version < 0) return absl::InvalidArgumentError(absl::StrCat("version must not be negative, got ", version));
  ASSIGN_OR_RETURN(const SharedLaw newest, NewestLaw(*view, law));
  if (version != 0 && version != newest->fit.version) {
    ASSIGN_OR_RETURN(LawVersion stored, store_.LoadLawVersion(study_id, newest->fit.law, version));
    ASSIGN_OR_RETURN(std::string document, JoinLaw({std::move(stored.document), std::move(stored.replicas)}));
    return MakePage(version, std::move(document));
  }
  const SharedStudy of_law = StudyOfLaw(view->recognized, newest->fit.law);
  if (newest->fit.excluded == of_law->excluded) {
    return MakePage(newest->fit.version, LawDocument(newest->fit, newest->refit).dump());
  }
  // Runs that ended since without changing the evidence, such as failed ones.
  Fit fit = newest->fit;
  fit.excluded = of_law->excluded;
  return MakePage(fit.version, LawDocument(fit, newest->refit).dump());
}

absl::StatusOr<SharedPage> Pages::Runs(const std::string& study_id, int64_t version, const RunChoice& choice) {
  ASSIGN_OR_RETURN(const ViewPublisher::View view, FindView(views_, study_id));
  SharedLaw law = view->law;
  if (version != 0) {
    ASSIGN_OR_RETURN(law, LawAt(store_, *view, version));
  }
  ASSIGN_OR_RETURN(const ordered_json document, RunsDocument(*view->recognized, law == nullptr ? nullptr : &law->fit, choice));
  return MakePage(view->version(), document.dump());
}

absl::StatusOr<SharedPage> Pages::LawVersions(const std::string& study_id, const std::string& law, int count) {
  if (count < 0) return absl::InvalidArgumentError(absl::StrCat("item_count must not be negative, got ", count));
  ASSIGN_OR_RETURN(const ViewPublisher::View view, FindView(views_, study_id));
  ordered_json array = ordered_json::array();
  if (const absl::StatusOr<SharedLaw> newest = NewestLaw(*view, law); newest.ok()) {
    ASSIGN_OR_RETURN(const std::vector<LawVersion> versions,
                     store_.ListLawVersions(study_id, (*newest)->fit.law, std::numeric_limits<int64_t>::max(),
                                            count == 0 ? kGreatestVersionCount : std::min(count, kGreatestVersionCount)));
    for (const LawVersion& version : versions) {
      ASSIGN_OR_RETURN(ordered_json object, VersionObject(version));
      if (count > 0) DropRunIds(object["refit"]);
      array.push_back(std::move(object));
    }
  }
  return MakePage(view->version(), ordered_json{{"schema_version", 1}, {"versions", std::move(array)}}.dump());
}

absl::StatusOr<SharedPage> Pages::Advice(const std::string& study_id, const std::vector<double>& budget_flops,
                                         const std::optional<double>& tolerance) {
  ASSIGN_OR_RETURN(const ViewPublisher::View view, FindView(views_, study_id));
  ASSIGN_OR_RETURN(const std::vector<isoflop::Advice> advice, AdviseStudy(*view, budget_flops, tolerance));
  return MakePage(view->version(), AdviceDocument(advice).dump());
}

absl::StatusOr<SharedPage> Pages::AdviceGrid(const std::string& study_id, int64_t version) {
  ASSIGN_OR_RETURN(const ViewPublisher::View view, FindView(views_, study_id));
  ASSIGN_OR_RETURN(const SharedLaw law, LawAt(store_, *view, version));
  ASSIGN_OR_RETURN(const ordered_json document, AdviceGridDocument(law->fit));
  return MakePage(view->version(), document.dump());
}

absl::StatusOr<SharedPage> Pages::OtherSizes(const std::string& study_id, double budget_flops, int64_t version) {
  ASSIGN_OR_RETURN(const ViewPublisher::View view, FindView(views_, study_id));
  ASSIGN_OR_RETURN(const SharedLaw law, LawAt(store_, *view, version));
  ASSIGN_OR_RETURN(const ordered_json document, OtherSizesDocument(law->fit, budget_flops));
  return MakePage(view->version(), document.dump());
}

absl::StatusOr<SharedPage> Pages::Exclusion(const std::string& study_id, const std::string& run_id, bool excluded, double budget_flops) {
  ASSIGN_OR_RETURN(const ViewPublisher::View view, FindView(views_, study_id));
  ASSIGN_OR_RETURN(const SharedLaw law, NewestLaw(*view, ""));
  ASSIGN_OR_RETURN(std::vector<RunRecord> runs, store_.LoadRuns(study_id));
  ASSIGN_OR_RETURN(const Fit preview, PreviewExclusion(std::move(runs), view->settings->mapping, law->fit, run_id, excluded));
  ASSIGN_OR_RETURN(const ordered_json document, ExclusionDocument(preview, run_id, excluded, budget_flops));
  return MakePage(view->version(), document.dump());
}

absl::StatusOr<SharedPage> Pages::TradeOffs(const std::string& study_id, TradeOffsQuestion question, const std::string& run_id, int64_t version) {
  ASSIGN_OR_RETURN(const ViewPublisher::View view, FindView(views_, study_id));
  ASSIGN_OR_RETURN(const SharedLaw law, LawAt(store_, *view, version));
  ASSIGN_OR_RETURN(const StudyTradeOffs weighed, WeighTradeOffsOfStudy(*view, law->fit, std::move(question), run_id));
  return MakePage(view->version(), TradeOffsDocument(weighed.answer, weighed.question, weighed.run, DearestRuns(*view), law->fit.version).dump());
}

absl::StatusOr<SharedPage> Pages::Forecasts(const std::string& study_id) {
  ASSIGN_OR_RETURN(const ViewPublisher::View view, FindView(views_, study_id));
  ASSIGN_OR_RETURN(std::string json, forecasts_.Write(view));
  return MakePage(view->version(), std::move(json));
}

absl::StatusOr<SharedPage> Pages::PlannedRuns(const std::string& study_id) {
  ASSIGN_OR_RETURN(const ViewPublisher::View view, FindView(views_, study_id));
  ASSIGN_OR_RETURN(const std::vector<PlanRecord> records, store_.LoadPlans(study_id));
  ASSIGN_OR_RETURN(const std::vector<RunOfPlan> runs, store_.LoadRunsOfPlans(study_id));
  return MakePage(view->version(), PlannedRunsDocument(JoinPlans(records, runs, *view->recognized)).dump());
}

absl::StatusOr<SharedPage> Pages::NextRuns(const std::string& study_id, std::optional<double> target_flops, std::optional<double> sweep_flops) {
  ASSIGN_OR_RETURN(const ViewPublisher::View view, FindView(views_, study_id));
  ASSIGN_OR_RETURN(const SharedLaw law, NewestLaw(*view, ""));
  ASSIGN_OR_RETURN(const NextRunsAdvice advice, AdviseNextRunsForPage(law->fit, target_flops, sweep_flops));
  return MakePage(view->version(), NextRunsDocument(advice).dump());
}

absl::StatusOr<SharedPage> Pages::FindingCodes() { return MakePage(0, FindingCodesDocument(AllFindingCodes()).dump()); }

}  // namespace isoflop
