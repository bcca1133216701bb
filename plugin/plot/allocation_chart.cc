#include "plugin/plot/allocation_chart.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "core/fit/percentile.h"
#include "plugin/document/round_steps.h"

namespace isoflop {
namespace {

constexpr double kExtrapolation = 10;  // The line is drawn up to this many times the last budget.
constexpr int kSteps = 61;

double SizeAt(double coefficient, double exponent, double flops) { return coefficient * std::pow(flops, exponent); }

constexpr double kLineless = 0.025;  // Over this share of replicas without a line there is no band: its edge would be theirs.

// Of the line at each C.
Band LineBand(const Fit& fit, const std::vector<double>& places) {
  Band band{.legend = "95\u00A0% of the line"};
  for (double flops : places) {
    std::vector<double> sizes;
    for (const AllocationExponents& replica : fit.allocation_replicas) {
      const double size = SizeAt(replica.parameter_coefficient, replica.parameter_exponent, flops);
      if (std::isfinite(size)) sizes.push_back(size);
    }
    if (sizes.empty() || static_cast<double>(sizes.size()) < (1 - kLineless) * static_cast<double>(fit.allocation_replicas.size())) return {};
    band.x.push_back(flops);
    band.bounds.push_back(CentralInterval(std::move(sizes)));
  }
  return band;
}

}  // namespace

std::optional<Chart> AllocationChart(const RunsOfFit& drawn) {
  const Fit& fit = *drawn.fit;
  if (drawn.law != nullptr || !fit.allocation || fit.profiles.empty()) return std::nullopt;
  Chart chart{.title = "Best size against compute"};
  Marks best{.shape = Shape::kDiamond, .radius = 4, .color = std::string(ink::kText), .opacity = 1,
             .legend = "best sizes"};
  std::vector<double> sizes;
  for (const BudgetProfile& profile : fit.profiles) {
    best.points.push_back({profile.training_flops, profile.parameter_count,
                           absl::StrCat("At ", NumberText(profile.training_flops, NumberStyle::kFlops), " FLOP: N ",
                                        NumberText(profile.parameter_count, NumberStyle::kCount))});
    sizes.push_back(profile.parameter_count);
  }
  const double first = fit.profiles.front().training_flops, last = fit.profiles.back().training_flops;
  const std::vector<double> places = LogSteps(first, kExtrapolation * last, kSteps);
  Line inside{.legend = "line"}, past{.dashed = true, .legend = "past your budgets"};
  const auto at = [&](double flops) {
    return DataPoint{flops, SizeAt(fit.allocation->parameter_coefficient, *fit.allocation->parameter_exponent.estimate, flops)};
  };
  inside.points = {at(first), at(last)};
  past.points = {at(last), at(kExtrapolation * last)};
  sizes.push_back(past.points.back().y);
  chart.bands.push_back(LineBand(fit, places));
  chart.lines = {std::move(inside), std::move(past)};
  chart.marks.push_back(std::move(best));
  chart.x = AxisFor(Quantity::kTrainingFlops, {first, kExtrapolation * last});
  chart.y = AxisFor(Quantity::kParameterCount, sizes);
  chart.description = absl::StrCat("The best size goes from ", NumberText(fit.profiles.front().parameter_count, NumberStyle::kCount), " at ",
                                   NumberText(first, NumberStyle::kFlops), " FLOP to ",
                                   NumberText(fit.profiles.back().parameter_count, NumberStyle::kCount), " at ",
                                   NumberText(last, NumberStyle::kFlops), ".");
  return chart;
}

}  // namespace isoflop
