#include "plugin/document/panel_document.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <numeric>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "core/advice/allocation.h"
#include "core/base/significant_digits.h"
#include "core/base/status.h"
#include "core/fit/diagnostics.h"
#include "core/fit/withheld_intervals.h"
#include "core/quantity/training_flops.h"
#include "plugin/document/documents.h"
#include "plugin/document/drawn_runs.h"
#include "plugin/document/json_values.h"
#include "plugin/document/round_steps.h"
#include "plugin/document/run_keys.h"
#include "plugin/document/runs_document.h"
#include "plugin/document/table.h"
#include "plugin/document/thin_document.h"
#include "plugin/document/thin_line.h"
#include "plugin/recognize/exclusion_tag.h"

namespace isoflop {
namespace {

using nlohmann::ordered_json;

constexpr int kFrontierSteps = 85;
constexpr int kContourPoints = 64;  // Computed; those between which the line looks straight are left out.
constexpr double kContourTolerance = 5e-4;  // Of a chart: a third of a pixel on the full page.
constexpr int kDrawnDigits = 5;
constexpr int kReadLossDigits = 6;  // Of the frontier's losses, which are read too.
constexpr int kResidualDigits = 4;
constexpr size_t kFarthestRuns = 6;
constexpr int kMostContours = 9;
constexpr size_t kMostListedRuns = 100;      // Per reason of exclusion.

// From a third of the least compute to three times the greatest or the budget.
std::vector<double> FrontierBudgets(const Region& region, double budget) {
  return LogSteps(region.training_flops->first / 3, 3 * std::max(region.training_flops->second, budget), kFrontierSteps);
}

ordered_json FrontierTable(const std::vector<FrontierPoint>& frontier) {
  ordered_json rows = ordered_json::array();
  for (const FrontierPoint& point : frontier) {
    rows.push_back({{"budget_flops", RoundDrawn(point.budget_flops, kDrawnDigits)},
                    {"parameter_count", DrawnInterval(point.parameter_count, kDrawnDigits)},
                    {"loss_nats_per_token", DrawnInterval(point.loss_nats_per_token, kReadLossDigits)}});
  }
  return TableOf(rows);
}

// Same-loss lines, at round losses, over the region that the runs span and on to the best split for the budget.
absl::StatusOr<ordered_json> ContourArray(const Fit& fit, double parameter_count, double token_count) {
  const auto& [least_n, greatest_n] = *fit.region->parameter_count;
  const auto& [least_d, greatest_d] = *fit.region->token_count;
  const double widest_n = std::max(greatest_n, parameter_count), widest_d = std::max(greatest_d, token_count);
  const std::vector<double> sizes = LogSteps(least_n / 2, 2 * widest_n, kContourPoints);
  const std::pair<double, double> tokens(least_d / 3, 3 * widest_d);
  ASSIGN_OR_RETURN(const double lowest, PredictLoss(fit, widest_n, widest_d));
  ASSIGN_OR_RETURN(const double highest, PredictLoss(fit, least_n, least_d));
  ordered_json array = ordered_json::array();
  for (double level : RoundLevels(lowest, highest, kMostContours)) {
    ASSIGN_OR_RETURN(const Contour contour, ComputeContour(fit, level, sizes, tokens));
    ordered_json points = ordered_json::array();
    for (const auto& [n, d] : ThinLine(contour.points, {sizes.front(), sizes.back()}, tokens, kContourTolerance)) {
      points.push_back(ordered_json::array({RoundDrawn(n, kDrawnDigits), RoundDrawn(d, kDrawnDigits)}));
    }
    if (points.size() > 1) array.push_back({{"loss_nats_per_token", RoundResult(level)}, {"points", std::move(points)}});
  }
  return array;
}

// How the runs that are drawn were chosen; null where they are all.
ordered_json SelectionObject(const DrawnRuns& drawn, size_t run_count) {
  if (drawn.indices.size() == run_count) return nullptr;
  return {{"run_count", run_count},
          {"drawn_count", drawn.indices.size()},
          {"frontier_count", drawn.frontier_count},
          {"outlier_count", drawn.outlier_count},
          {"latest_count", drawn.latest_count},
          {"thinned_count", drawn.thinned_count}};
}

ordered_json DrawnRunTable(const RecognizedStudy& study, const std::vector<size_t>& drawn, const std::vector<double>& residuals) {
  const size_t key_length = RunKeyLength(study);
  ordered_json rows = ordered_json::array();
  for (size_t index : drawn) {
    const Observation& run = study.observations[index];
    rows.push_back({{"run_key", run.run_id.substr(0, key_length)},
                    {"parameter_count", RoundDrawn(*run.parameter_count, kDrawnDigits)},
                    {"token_count", RoundDrawn(*run.token_count, kDrawnDigits)},
                    {"training_flops", RoundDrawn(*TrainingFlopsOf(run), kDrawnDigits)},
                    {"loss_nats_per_token", RoundDrawn(*run.loss_nats_per_token, kDrawnDigits)},
                    {"log_residual", residuals.empty() ? ordered_json(nullptr) : ordered_json(RoundDrawn(residuals[index], kResidualDigits))}});
  }
  return TableOf(rows);
}

// The runs farthest off the law, farthest first, ties by id.
ordered_json FarthestRuns(const std::vector<Observation>& runs, const std::vector<double>& residuals) {
  std::vector<size_t> order(residuals.size());
  std::iota(order.begin(), order.end(), 0);
  const auto farther = [&](size_t a, size_t b) {
    if (const double of_a = std::abs(residuals[a]), of_b = std::abs(residuals[b]); of_a != of_b) return of_a > of_b;
    return runs[a].run_id < runs[b].run_id;
  };
  const auto end = order.begin() + static_cast<std::ptrdiff_t>(std::min(order.size(), kFarthestRuns));
  std::partial_sort(order.begin(), end, order.end(), farther);
  ordered_json array = ordered_json::array();
  for (auto run = order.begin(); run != end; ++run) {
    array.push_back({{"run_id", runs[*run].run_id}, {"run_name", runs[*run].run_name}, {"log_residual", RoundResult(residuals[*run])}});
  }
  return array;
}

ordered_json ExcludedByReason(const std::vector<Exclusion>& excluded) {
  std::map<std::string, std::vector<const Exclusion*>> groups;
  for (const Exclusion& exclusion : excluded) groups[exclusion.reason].push_back(&exclusion);
  ordered_json array = ordered_json::array();
  for (const auto& [reason, members] : groups) {
    ordered_json runs = ordered_json::array();
    int64_t point_count = 0;
    for (const Exclusion* exclusion : members) {
      point_count += exclusion->point_count;
      if (runs.size() < kMostListedRuns) runs.push_back({{"run_id", exclusion->run_id}, {"run_name", exclusion->run_name}});
    }
    array.push_back({{"reason", reason},
                     {"run_count", members.size()},
                     {"point_count", point_count},
                     {"by_hand", reason.starts_with(kExcludedByTag)},
                     {"runs", std::move(runs)}});
  }
  return array;
}

ordered_json MappingArray(const RecognizedStudy& study) {
  ordered_json array = ordered_json::array();
  for (const QuantitySource& source : study.mapping) {
    array.push_back({{"quantity", source.quantity}, {"kind", source.kind}, {"key", source.key}, {"reason", source.reason},
                     {"by_hand", source.by_hand}, {"unit", source.unit}});
  }
  return array;
}

ordered_json IssueArray(const std::vector<SettingIssue>& of_settings, const std::vector<SettingIssue>& of_runs) {
  ordered_json array = ordered_json::array();
  for (const auto* issues : {&of_settings, &of_runs}) {
    for (const SettingIssue& issue : *issues) array.push_back({{"name", issue.name}, {"value", issue.value}, {"reason", issue.reason}});
  }
  return array;
}

// The fit without what a page does not read.
ordered_json LawObject(const Fit& fit) {
  ordered_json law = FitDocument(fit);
  law["replicas"].erase("estimates");
  law.erase("runs");
  law.erase("drift_weighted");
  law.erase("excluded");
  return law;
}

ordered_json BudgetChoices(const Region& region) {
  ordered_json choices = ordered_json::array();
  for (double budget : RoundSteps(region.training_flops->second / 100, 100 * region.training_flops->second)) choices.push_back(budget);
  return choices;
}

}  // namespace

absl::StatusOr<ordered_json> PanelDocument(const PanelInput& input) {
  if (input.budget_flops && (!std::isfinite(*input.budget_flops) || *input.budget_flops <= 0)) {
    return absl::InvalidArgumentError(absl::StrFormat("budget must be positive and finite, got %g", *input.budget_flops));
  }
  const RecognizedStudy& study = *input.recognized;
  const Fit* fit = input.fit;
  ordered_json document;
  document["schema_version"] = kSchemaVersion;
  document["state"] = "thin";
  document["study"] = {{"id", input.study_id},
                       {"name", input.study_name},
                       {"run_count", input.run_count},
                       {"running_run_count", study.running_count},
                       {"stale_run_count", study.stale_count},
                       {"ended_run_count", input.run_count - study.running_count - study.stale_count}};
  document["version"] = fit != nullptr ? fit->version : 0;
  document["newest_version"] = input.newest_version;
  document["create_time"] = nullptr;
  if (fit != nullptr) {
    document["create_time"] =
        std::string(absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", absl::FromUnixMillis(input.create_time_ms), absl::UTCTimeZone()));
  }
  const bool newest = fit == nullptr || fit->version == input.newest_version;
  document["intervals_ready"] = fit != nullptr && (!newest || fit->replica_count > 0 || IntervalsWithheld(fit->diagnostics));
  document["budget_flops"] = OptionalNumber(input.budget_flops);
  document["budget_choices"] = ordered_json::array();
  document["verdict"] = nullptr;
  document["law"] = fit != nullptr ? LawObject(*fit) : ordered_json(nullptr);
  document["frontier"] = ordered_json::object();
  ASSIGN_OR_RETURN(const std::vector<double> residuals, LogResiduals(study.observations, fit));
  const DrawnRuns drawn = DrawnRunsOf(study.observations, residuals, fit);
  document["runs"] = DrawnRunTable(study, drawn.indices, residuals);
  document["run_selection"] = SelectionObject(drawn, study.observations.size());
  document["farthest_runs"] = FarthestRuns(study.observations, residuals);
  document["contours"] = ordered_json::array();
  document["excluded"] = ExcludedByReason(study.excluded);
  document["mapping"] = MappingArray(study);
  document["missing"] = study.missing;
  document["setting_issues"] = IssueArray(input.setting_issues, study.setting_issues);
  document.update(ThinObject(study, fit));
  if (fit == nullptr || !fit->identified()) {
    const bool unmapped = study.observations.empty() && !study.missing.empty() && !study.excluded.empty();
    document["state"] = unmapped ? "no_mapping" : "thin";
    return document;
  }
  if (HasError(fit->diagnostics) || !fit->allocation) {
    document["state"] = "not_trusted";
    ASSIGN_OR_RETURN(document["contours"], ContourArray(*fit, 0, 0));
    return document;
  }
  const double budget = input.budget_flops.value_or(RoundStepAtMost(fit->region->training_flops->second));
  ASSIGN_OR_RETURN(const Advice verdict, AdviseAllocation(*fit, budget));
  ASSIGN_OR_RETURN(const std::vector<FrontierPoint> frontier, ComputeFrontier(*fit, FrontierBudgets(*fit->region, budget)));
  document["state"] = verdict.extrapolation_factor > 1 ? "extrapolating" : "ready";
  document["budget_flops"] = budget;
  document["budget_choices"] = BudgetChoices(*fit->region);
  document["verdict"] = AdviceObject(verdict);
  document["frontier"] = FrontierTable(frontier);
  ASSIGN_OR_RETURN(document["contours"], ContourArray(*fit, verdict.parameter_count.upper.value_or(verdict.parameter_count.estimate.value_or(0)),
                                                      verdict.token_count.upper.value_or(verdict.token_count.estimate.value_or(0))));
  return document;
}

}  // namespace isoflop
