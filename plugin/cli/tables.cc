#include "plugin/cli/tables.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/fit/withheld_intervals.h"
#include "core/law/registry.h"
#include "plugin/document/tolerance_text.h"

namespace isoflop {
namespace {

std::string SixDigits(double value) { return absl::StrFormat("%.6g", value); }

std::string OptionalDigits(const std::optional<double>& value) { return value ? SixDigits(*value) : "-"; }

std::string Bounds(const Interval& interval) {
  if (!interval.lower && !interval.upper) return "-";
  return absl::StrCat("[", OptionalDigits(interval.lower), ", ", OptionalDigits(interval.upper), "]");
}

std::string WithBounds(const Interval& interval) { return absl::StrCat(OptionalDigits(interval.estimate), " ", Bounds(interval)); }

// What a law predicts, for people.
struct Predicted {
  const char* name;
  const char* unit;
};
Predicted PredictedBy(Quantity response) {
  if (response == Quantity::kLearningRate) return {"learning rate", "peak learning rate"};
  if (response == Quantity::kBatchTokenCount) return {"batch size", "tokens a batch"};
  return {"loss", "nats per token"};
}

std::string Span(const char* name, const std::optional<std::pair<double, double>>& range) {
  if (!range) return "";
  return absl::StrFormat("%-10s  %s to %s\n", name, SixDigits(range->first), SixDigits(range->second));
}

std::string AllocationFitTable(const Fit& fit) {
  std::string text = fit.group ? absl::StrCat("group       ", *fit.group, "\n") : "";
  absl::StrAppendFormat(&text, "approach    %s, nats per token; N counts %s parameters\nrows        %d used\n", fit.approach,
                        ParameterConventionName(fit.convention), fit.observation_count);
  if (!fit.allocation) return absl::StrCat(text, "\nNo allocation: the evidence cannot support one.\n", DiagnosticLines(fit.diagnostics));
  absl::StrAppendFormat(&text, "\n%-12s%-12s%-12s%-12s%s\n", "C, FLOPs", "best N", "best D", "loss", "rows");
  for (const BudgetProfile& p : fit.profiles) {
    absl::StrAppendFormat(&text, "%-12s%-12s%-12s%-12s%d\n", SixDigits(p.training_flops), SixDigits(p.parameter_count), SixDigits(p.token_count),
                          OptionalDigits(p.loss_nats_per_token), p.observation_count);
  }
  absl::StrAppendFormat(&text, "\n%-8s%-28s%s\n%-8s%-28s%s\n", "a", "parameter_exponent", WithBounds(fit.allocation->parameter_exponent), "b",
                        "token_exponent", WithBounds(fit.allocation->token_exponent));
  for (const auto& [name, spread] : fit.leave_one_budget_out) {
    absl::StrAppendFormat(&text, "        %-28s%s to %s without one of the budgets\n", name, SixDigits(spread.first), SixDigits(spread.second));
  }
  absl::StrAppendFormat(&text, "\nBest split of C FLOPs: N = %s C^a, D = %s C^b\nIntervals from %d replicas, seed %d\n",
                        SixDigits(fit.allocation->parameter_coefficient), SixDigits(fit.allocation->token_coefficient), fit.replica_count, fit.seed);
  if (!fit.diagnostics.empty()) absl::StrAppend(&text, "\n", DiagnosticLines(fit.diagnostics));
  return text;
}

std::string LawTable(const Fit& fit) {
  size_t left_out = 0;
  for (const Exclusion& exclusion : fit.excluded) left_out += exclusion.point_count == 0;
  const absl::StatusOr<const Law*> law = FindLaw(fit.law);
  const Predicted predicted = PredictedBy(law.ok() ? (*law)->response() : Quantity::kLoss);
  std::string text = fit.group ? absl::StrCat("group       ", *fit.group, "\n") : "";
  absl::StrAppendFormat(&text, "law         %s, %s, %s; N counts %s parameters\n", fit.law, law.ok() ? (*law)->formula() : "", predicted.unit,
                        ParameterConventionName(fit.convention));
  absl::StrAppendFormat(&text, "runs        %d used, %d left out\n", fit.observation_count, left_out);
  if (!fit.identified()) {
    return absl::StrCat(text, "\nNo law: the evidence cannot support one.\n", DiagnosticLines(fit.diagnostics));
  }
  absl::StrAppendFormat(&text, "objective   %.8g, the sum of %s losses of log loss%s\n\n", *fit.objective, LossFunctionName(fit.loss),
                        fit.loss == LossFunction::kHuber ? absl::StrFormat(", delta %g", fit.huber_delta) : "");
  const bool profiled = std::any_of(fit.parameters.begin(), fit.parameters.end(), [](const FittedParameter& p) { return p.profile.has_value(); });
  const int width = profiled ? 26 : 0;
  absl::StrAppendFormat(&text, "%-8s%-28s%-12s%-*s%s\n", "symbol", "name", "estimate", width, "95 % interval", profiled ? "likelihood profile" : "");
  for (const FittedParameter& p : fit.parameters) {
    absl::StrAppendFormat(&text, "%-8s%-28s%-12s%-*s%s\n", p.symbol, p.name, OptionalDigits(p.value.estimate), width,
                          p.fixed ? "fixed" : Bounds(p.value), p.profile ? Bounds(*p.profile) : "");
  }
  if (fit.allocation) {
    absl::StrAppendFormat(&text, "%-8s%-28s%-12s%s\n", "a", "parameter_exponent", OptionalDigits(fit.allocation->parameter_exponent.estimate),
                          Bounds(fit.allocation->parameter_exponent));
    absl::StrAppendFormat(&text, "%-8s%-28s%-12s%s\n", "b", "token_exponent", OptionalDigits(fit.allocation->token_exponent.estimate),
                          Bounds(fit.allocation->token_exponent));
    absl::StrAppendFormat(&text, "\nBest split of C FLOPs: N = %s C^a, D = %s C^b\n", SixDigits(fit.allocation->parameter_coefficient),
                          SixDigits(fit.allocation->token_coefficient));
  }
  absl::StrAppend(&text, "\nThe runs span\n", Span("  N", fit.region->parameter_count), Span("  D", fit.region->token_count),
                  Span("  C", fit.region->training_flops), Span("  loss", fit.region->loss_nats_per_token));
  if (fit.log_loss_standard_deviation) {
    const std::string intervals =
        IntervalsWithheld(fit.diagnostics) ? "no intervals" : absl::StrFormat("intervals from %d replicas, seed %d", fit.replica_count, fit.seed);
    absl::StrAppendFormat(&text, "Run noise %.3g %% of the %s; %s; %d optimum%s\n", 100 * *fit.log_loss_standard_deviation, predicted.name,
                          intervals, fit.basins.size(),
                          fit.basins.size() == 1 ? "" : "s within 1 %");
  }
  if (fit.hold_out) {
    absl::StrAppendFormat(&text, "Fitted without its %d largest runs, the law predicts them within %.3g %% (root mean square)\n",
                          fit.hold_out->observation_count, 100 * fit.hold_out->root_mean_square_log_error);
  }
  if (!fit.diagnostics.empty()) absl::StrAppend(&text, "\n", DiagnosticLines(fit.diagnostics));
  return text;
}

// What stayed out of the fit, and why; the JSON has all of it.
std::string ExclusionLines(const std::vector<Exclusion>& excluded) {
  constexpr size_t kMostLines = 20;
  std::string lines = excluded.empty() ? "" : "\nLeft out\n";
  for (size_t i = 0; i < std::min(excluded.size(), kMostLines); ++i) {
    absl::StrAppendFormat(&lines, "  line %d: %s\n", excluded[i].line, excluded[i].reason);
  }
  if (excluded.size() > kMostLines) absl::StrAppendFormat(&lines, "  and %d more; --format json lists all\n", excluded.size() - kMostLines);
  return lines;
}

}  // namespace

std::string FitTable(const Fit& fit) { return (fit.law.empty() ? AllocationFitTable(fit) : LawTable(fit)) + ExclusionLines(fit.excluded); }

std::string DiagnosticLines(const std::vector<Diagnostic>& diagnostics) {
  std::string lines;
  for (const Diagnostic& d : diagnostics) {
    absl::StrAppendFormat(&lines, "%s %s: %s\n  Effect: %s\n  Fix: %s\n", SeverityName(d.severity), d.code, d.message, d.effect, d.fix);
  }
  return lines;
}

std::string ApproachesTable(const std::vector<Fit>& fits) {
  std::string text = absl::StrFormat("%-12s%-12s%-36s%-36s%s\n", "approach", "group", "a, parameter exponent", "b, token exponent", "rows");
  for (const Fit& fit : fits) {
    if (!fit.allocation) {
      absl::StrAppendFormat(&text, "%-12s%-12s%s\n", fit.approach, fit.group.value_or("-"),
                            fit.diagnostics.empty() ? "no best split of compute" : fit.diagnostics.front().message);
      continue;
    }
    absl::StrAppendFormat(&text, "%-12s%-12s%-36s%-36s%d\n", fit.approach, fit.group.value_or("-"), WithBounds(fit.allocation->parameter_exponent),
                          WithBounds(fit.allocation->token_exponent), fit.observation_count);
  }
  return text;
}

std::string AdviceTable(const std::vector<Advice>& advice, ParameterConvention convention) {
  std::string text = absl::StrFormat("%-8s  %-38s  %-38s  %-30s  %-8s  %s\n", "FLOPs", "parameters N", "tokens D", "loss of a new run, nats/token",
                                     "D/N", "sizes as good");
  for (const Advice& a : advice) {
    const std::string as_good = a.as_good_parameter_count ? absl::StrCat(SixDigits(a.as_good_parameter_count->first), " to ",
                                                                         SixDigits(a.as_good_parameter_count->second))
                                                          : "-";
    absl::StrAppendFormat(&text, "%-8s  %-38s  %-38s  %-30s  %-8s  %s\n", SixDigits(a.budget_flops), WithBounds(a.parameter_count),
                          WithBounds(a.token_count), WithBounds(a.loss_nats_per_token), OptionalDigits(a.tokens_per_parameter), as_good);
  }
  for (const Advice& a : advice) {
    if (!a.drift_weighted) continue;
    const DriftWeightedAnswer& w = *a.drift_weighted;
    absl::StrAppendFormat(&text, "%-8s  %-38s  %-38s  %-30s  %-8s  trusting large runs more (weights sum to %.3g runs)\n", SixDigits(a.budget_flops),
                          WithBounds(w.parameter_count), WithBounds(w.token_count), WithBounds(w.loss_nats_per_token),
                          OptionalDigits(w.tokens_per_parameter), w.weight_sum);
  }
  const std::optional<AsGoodTolerance> tolerance = advice.empty() ? std::nullopt : advice.front().tolerance;
  absl::StrAppend(&text, "Brackets: 95 % interval. Sizes as good: their loss is ", WithinText(tolerance), " of the best.\n");
  if (convention != ParameterConvention::kTotal) {
    absl::StrAppend(&text, "Sizes N count parameters as ", std::string(ParameterConventionName(convention)), ", as the law does.\n");
  }
  std::set<std::string> told;
  for (const Advice& a : advice) {
    std::vector<Diagnostic> fresh;
    for (const Diagnostic& d : a.diagnostics) {
      if (told.insert(d.message).second) fresh.push_back(d);
    }
    if (!fresh.empty()) absl::StrAppend(&text, "\nAt ", SixDigits(a.budget_flops), " FLOPs:\n", DiagnosticLines(fresh));
  }
  return text;
}

}  // namespace isoflop
