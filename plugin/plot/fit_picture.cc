#include "plugin/plot/fit_picture.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/base/status.h"
#include "plugin/plot/allocation_chart.h"
#include "plugin/plot/compute_chart.h"
#include "plugin/plot/picture.h"
#include "plugin/plot/profile_chart.h"
#include "plugin/plot/residual_chart.h"

namespace isoflop {
namespace {

constexpr double kPageWidth = 960, kColumnWidth = 500, kMargin = 10, kHeadingHeight = 24;
constexpr double kTallChart = 400, kSmallChart = 340;

// The charts of one fit, first to last.
struct FitCharts {
  std::string title;
  Chart compute;
  std::optional<Chart> profiles, residuals, allocation;
};

std::string NameOf(const Fit& fit) {
  std::string name = fit.approach == "parametric"
                         ? absl::StrCat(fit.law, ", ", std::string(LossFunctionName(fit.loss)))
                         : fit.approach;
  return fit.group ? absl::StrCat(*fit.group, ": ", name) : name;
}

std::string ParameterText(const Fit& fit) {
  std::string text;
  for (const FittedParameter& p : fit.parameters) {
    absl::StrAppendFormat(&text, "%s%s %.4g", text.empty() ? "" : ", ", p.symbol, *p.value.estimate);
  }
  return text;
}

std::string ExponentText(const Fit& fit) {
  if (!fit.allocation) return "";
  const Interval& a = fit.allocation->parameter_exponent;
  if (!a.lower || !a.upper) return absl::StrFormat("Best size grows as C^%.3f", *a.estimate);
  return absl::StrFormat("Best size grows as C^%.3f, 95\u00A0%% [%.3f, %.3f]", *a.estimate, *a.lower, *a.upper);
}

// The charts of each fit; residuals over the same axis.
absl::StatusOr<std::vector<FitCharts>> ChartsOf(const std::vector<FittedRuns>& fitted) {
  std::vector<RunsOfFit> drawn;
  double reach = 0;
  for (const FittedRuns& one : fitted) {
    ASSIGN_OR_RETURN(RunsOfFit runs, MakeRunsOfFit(*one.fit, *one.observations, one.options));
    reach = std::max(reach, ResidualReach(runs));
    drawn.push_back(std::move(runs));
  }
  std::vector<FitCharts> charts;
  for (const RunsOfFit& runs : drawn) {
    charts.push_back({NameOf(*runs.fit), ComputeChart(runs), ProfileChart(runs), ResidualChart(runs, reach), AllocationChart(runs)});
  }
  return charts;
}

// Gives the charts of one row the same axes, where they show the same quantities.
void ShareAxes(const std::vector<Chart*>& row) {
  for (PlotAxis Chart::*axis : {&Chart::x, &Chart::y}) {
    PlotAxis shared = row.front()->*axis;
    for (const Chart* chart : row) {
      if ((chart->*axis).title != shared.title) return;
      shared.low = std::min(shared.low, (chart->*axis).low);
      shared.high = std::max(shared.high, (chart->*axis).high);
    }
    for (Chart* chart : row) chart->*axis = shared;
  }
}

}  // namespace

absl::StatusOr<std::string> DrawFit(const FittedRuns& fitted) {
  ASSIGN_OR_RETURN(std::vector<FitCharts> all, ChartsOf({fitted}));
  FitCharts& charts = all.front();
  Picture picture{.title = absl::StrCat("Scaling law: ", charts.title), .width = kPageWidth};
  for (const std::string& line : {ParameterText(*fitted.fit), ExponentText(*fitted.fit)}) {
    if (!line.empty()) picture.subtitles.push_back(line);
  }
  double y = PictureHeaderHeight(picture);
  picture.charts.push_back({std::move(charts.compute), {kMargin, y, kPageWidth - 2 * kMargin, kTallChart}});
  y += kTallChart;
  std::vector<Chart> second;
  if (charts.profiles) second.push_back(*std::move(charts.profiles));
  if (charts.residuals) second.push_back(*std::move(charts.residuals));
  if (charts.allocation) second.push_back(*std::move(charts.allocation));
  for (size_t i = 0; i < second.size(); ++i) {
    const double width = (kPageWidth - 2 * kMargin) / static_cast<double>(second.size());
    picture.charts.push_back({std::move(second[i]), {kMargin + static_cast<double>(i) * width, y, width, kSmallChart}});
  }
  picture.height = y + (second.empty() ? 0 : kSmallChart) + kMargin;
  return DrawPicture(picture);
}

absl::StatusOr<std::string> DrawFits(const std::vector<FittedRuns>& fitted) {
  if (fitted.empty()) return absl::InvalidArgumentError("a picture needs a fit; there is none");
  ASSIGN_OR_RETURN(std::vector<FitCharts> columns, ChartsOf(fitted));
  Picture picture{.title = absl::StrCat(columns.size(), " fits side by side"),
                  .width = 2 * kMargin + kColumnWidth * static_cast<double>(columns.size())};
  double y = PictureHeaderHeight(picture) + kHeadingHeight;
  for (size_t i = 0; i < columns.size(); ++i) {
    picture.headings.push_back({columns[i].title, {kMargin + kColumnWidth * static_cast<double>(i) + 6, y - 8}});
  }
  const auto add_row = [&](auto chart_of) {
    std::vector<Chart*> row;
    for (FitCharts& column : columns) {
      if (Chart* chart = chart_of(column)) row.push_back(chart);
    }
    if (row.empty()) return;
    ShareAxes(row);
    for (size_t i = 0; i < columns.size(); ++i) {
      Chart* chart = chart_of(columns[i]);
      if (chart == nullptr) continue;
      chart->description = absl::StrCat("Of ", columns[i].title, ". ", chart->description);
      picture.charts.push_back(
          {*chart, {kMargin + kColumnWidth * static_cast<double>(i), y, kColumnWidth, kSmallChart}});
    }
    y += kSmallChart;
  };
  add_row([](FitCharts& column) { return &column.compute; });
  add_row([](FitCharts& column) { return column.profiles ? &*column.profiles : nullptr; });
  add_row([](FitCharts& column) {
    return column.residuals ? &*column.residuals : column.allocation ? &*column.allocation : nullptr;
  });
  picture.height = y + kMargin;
  return DrawPicture(picture);
}

}  // namespace isoflop
