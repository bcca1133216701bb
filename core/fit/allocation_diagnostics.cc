#include "core/fit/allocation_diagnostics.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/fit/diagnostics.h"

namespace isoflop {
namespace {

constexpr size_t kFewBudgets = 4, kTooFewBudgets = 2;
constexpr double kNarrowCompute = 1.5, kTooNarrowCompute = 1;  // Decades, as for a law.
constexpr double kLeaning = 0.03;                              // Of an exponent.
constexpr double kWideExponent = 0.2;                          // A factor of 1.6 a decade.
constexpr size_t kNamed = 12;                                  // Budgets that a message names.

void DiagnoseBudgets(const Fit& fit, const char* noun, const char* fix, std::vector<Diagnostic>& found) {
  const size_t count = fit.profiles.size();
  if (count < kFewBudgets) {
    const bool none = !fit.allocation.has_value();
    found.push_back({.code = "FEW_BUDGETS",
                     .severity = none ? Severity::kError : Severity::kWarning,
                     .title = none ? "Too few for a line" : "Few points of the line",
                     .message = absl::StrFormat("%d usable %s%s; a line needs %d, and its error shows from %d on.", count, noun,
                                                count == 1 ? "" : "s", kTooFewBudgets, kFewBudgets),
                     .evidence = {{"usable_budget_count", static_cast<double>(count)}},
                     .effect = none ? "No allocation is given." : "One of them decides the exponents.",
                     .fix = fix});
  }
  if (count < kTooFewBudgets) return;
  const double decades = std::log10(fit.profiles.back().training_flops / fit.profiles.front().training_flops);
  if (decades >= kNarrowCompute) return;
  const bool error = decades < kTooNarrowCompute;
  found.push_back({.code = "NARROW_COMPUTE",
                   .severity = error ? Severity::kError : Severity::kWarning,
                   .title = "Narrow range of compute",
                   .message = absl::StrFormat("The usable %ss span %.2g decades of C.", noun, decades),
                   .evidence = {{"decades", decades}},
                   .effect = "The exponents, and all that lies past these runs, are poorly known.",
                   .fix = "Add runs at larger or much smaller compute."});
}

void DiagnoseWidth(const Fit& fit, std::vector<Diagnostic>& found) {
  if (!fit.allocation || fit.replica_count == 0) return;
  const Interval& a = fit.allocation->parameter_exponent;
  const double width = a.lower && a.upper ? *a.upper - *a.lower : INFINITY;
  if (width <= kWideExponent) return;
  found.push_back({.code = "WIDE_EXPONENT",
                   .severity = Severity::kWarning,
                   .title = "Exponent poorly known",
                   .message = std::isfinite(width) ? absl::StrFormat("The 95 %% interval of the parameter exponent is %.2g wide.", width)
                                                   : std::string("Over 2.5 % of the replicas leave too few budgets for a line."),
                   .evidence = std::isfinite(width) ? std::map<std::string, double>{{"interval_width", width}} : std::map<std::string, double>{},
                   .effect = "Ten times the compute may call for sizes that differ by 1.6 times or more.",
                   .fix = "Add sizes near each budget's best, and budgets."});
}

// "1e18 (its minimum ...), 2e18 (...) and 5 more".
std::string ListBudgets(const std::vector<LeftOutBudget>& budgets) {
  std::string list;
  for (size_t i = 0; i < std::min(budgets.size(), kNamed); ++i) {
    absl::StrAppendFormat(&list, "%s%.6g (%s)", i == 0 ? "" : ", ", budgets[i].training_flops, NoMinimumReason(budgets[i].reason));
  }
  if (budgets.size() > kNamed) absl::StrAppend(&list, " and ", budgets.size() - kNamed, " more");
  return list;
}

// Whether over half of all budgets have too few sizes: then it may be C that scatters, not the sizes that lack.
bool ManyThin(const std::vector<LeftOutBudget>& left_out, size_t budget_count) {
  const auto thin = std::count_if(left_out.begin(), left_out.end(), [](const LeftOutBudget& b) { return b.reason == NoMinimum::kFewRows; });
  return 2 * static_cast<size_t>(thin) > budget_count;
}

void DiagnoseLeftOut(const Fit& fit, const std::vector<LeftOutBudget>& left_out, std::vector<Diagnostic>& found) {
  if (left_out.empty()) return;
  const size_t count = left_out.size() + fit.profiles.size();
  std::map<std::string, double> evidence = {{"left_out_budget_count", static_cast<double>(left_out.size())},
                                            {"budget_count", static_cast<double>(count)}};
  for (size_t i = 0; i < left_out.size(); ++i) evidence[absl::StrFormat("left_out_training_flops_%d", i + 1)] = left_out[i].training_flops;
  found.push_back({.code = "BUDGETS_LEFT_OUT",
                   .severity = Severity::kWarning,
                   .title = "Budgets without a minimum",
                   .message = absl::StrFormat("%d of %d budgets are left out: %s.", left_out.size(), count, ListBudgets(left_out)),
                   .evidence = std::move(evidence),
                   .effect = fit.profiles.empty() ? "No budget is left." : "The line rests on the other budgets.",
                   .fix = ManyThin(left_out, count) ? "Add sizes at these budgets. Where runs were planned for one budget but their C scatter by more "
                                                      "than 2 %, map training_flops to the planned one."
                                                    : "Add sizes on both sides of the best one at these budgets."});
}

void DiagnoseLeaning(const Fit& fit, std::vector<Diagnostic>& found) {
  const auto spread = fit.leave_one_budget_out.find("parameter_exponent");
  if (spread == fit.leave_one_budget_out.end()) return;
  const auto [least, greatest] = spread->second;
  const double a = *fit.allocation->parameter_exponent.estimate, shift = std::max(a - least, greatest - a);
  if (shift <= kLeaning) return;
  found.push_back({.code = "LEANS_ON_BUDGET",
                   .severity = Severity::kWarning,
                   .title = "One budget decides much",
                   .message = absl::StrFormat("Leaving one budget out moves the parameter exponent by %.2g: from %.3f to %.3f.", shift, least, greatest),
                   .evidence = {{"greatest_shift", shift}, {"least", least}, {"greatest", greatest}},
                   .effect = "The exponent follows single minima, most of all those of the least and the greatest budget.",
                   .fix = "Add sizes near the minimum of the first and the last budget, or budgets beyond them."});
}

void DiagnoseSchedules(double share_before_end, std::vector<Diagnostic>& found) {
  if (share_before_end <= 0) return;
  found.push_back({.code = "UNFINISHED_SCHEDULE",
                   .severity = Severity::kWarning,
                   .title = "Read in mid-schedule",
                   .message = absl::StrFormat("%.0f %% of the points used lie before the end of their runs.", 100 * share_before_end),
                   .evidence = {{"share_before_end", share_before_end}},
                   .effect = "Under a decaying learning rate these losses are higher than those of runs planned to end there, by more the "
                             "farther off the end is: the exponents bend.",
                   .fix = "Use runs of a constant rate, or several lengths of each size with the decay finished."});
}

}  // namespace

std::vector<Diagnostic> DiagnoseIsoflop(const Fit& fit, const std::vector<LeftOutBudget>& left_out, double share_before_end) {
  std::vector<Diagnostic> found;
  DiagnoseBudgets(fit, "budget", "Train at least 3 sizes at each of several budgets, on both sides of the best.", found);
  DiagnoseLeftOut(fit, left_out, found);
  DiagnoseLeaning(fit, found);
  DiagnoseWidth(fit, found);
  DiagnoseSchedules(share_before_end, found);
  SortWorstFirst(found);
  return found;
}

std::vector<Diagnostic> DiagnoseEnvelope(const Fit& fit, double share_before_end) {
  std::vector<Diagnostic> found;
  DiagnoseBudgets(fit, "size", "Add curves of smaller and larger sizes: the least and the greatest on the envelope do not count.", found);
  DiagnoseWidth(fit, found);
  DiagnoseSchedules(share_before_end, found);
  SortWorstFirst(found);
  return found;
}

Diagnostic ApproachNotPossible(const std::string& approach, const std::string& reason) {
  return {.code = "APPROACH_NOT_POSSIBLE",
          .severity = Severity::kError,
          .title = "These runs do not suit it",
          .message = absl::StrCat(approach, ": ", reason, "."),
          .evidence = {},
          .effect = "This approach gives nothing here; the others stand.",
          .fix = "Give the table what it asks for, or leave the approach out."};
}

}  // namespace isoflop
