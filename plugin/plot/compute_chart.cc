#include "plugin/plot/compute_chart.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/advice/allocation.h"
#include "core/advice/predictive_interval.h"
#include "plugin/document/round_steps.h"

namespace isoflop {
namespace {

constexpr double kExtrapolation = 10;  // The law is drawn up to this many times the largest run.
constexpr int kSteps = 121;

// What the law gives at one place of the abscissa.
struct LawPoint {
  double x = 0;
  Interval response;
};

std::vector<LawPoint> CurveOverAbscissa(const RunsOfFit& drawn, const std::vector<double>& places) {
  std::vector<LawPoint> curve;
  const double noise = drawn.fit->log_loss_standard_deviation.value_or(0);
  for (double x : places) {
    LawInput input;
    input.log.fill(NAN);
    input.log[static_cast<int>(drawn.abscissa)] = input.log_abscissa = std::log(x);
    const auto response = [&](const Theta& theta) {
      return std::exp(drawn.law->PredictLog(input, theta, nullptr, nullptr));
    };
    LawPoint point{x, {.estimate = response(drawn.theta)}};
    std::vector<double> values;
    for (const Theta& replica : drawn.replicas) values.push_back(response(replica));
    const bool usable = !values.empty() &&
                        std::all_of(values.begin(), values.end(), [](double v) { return std::isfinite(v) && v > 0; });
    if (usable) std::tie(point.response.lower, point.response.upper) = NewRunInterval(values, noise);
    curve.push_back(point);
  }
  return curve;
}

std::vector<LawPoint> Curve(const RunsOfFit& drawn, const std::vector<double>& places) {
  if (drawn.law == nullptr) return {};
  if (drawn.law_in_one_quantity) return CurveOverAbscissa(drawn, places);
  std::vector<LawPoint> curve;
  if (drawn.abscissa != Quantity::kTrainingFlops) return curve;
  const absl::StatusOr<std::vector<FrontierPoint>> frontier = ComputeFrontier(*drawn.fit, places);
  if (!frontier.ok()) return curve;  // Laws in steps and batch size, or without an inner optimum: the runs alone.
  for (const FrontierPoint& point : *frontier) curve.push_back({point.budget_flops, point.loss_nats_per_token});
  return curve;
}

std::string BracketText(const Interval& interval) {
  if (!interval.lower || !interval.upper) return absl::StrFormat("%.3g", *interval.estimate);
  return absl::StrFormat("%.3g [%.3g, %.3g]", *interval.estimate, *interval.lower, *interval.upper);
}

void AddCurve(const std::vector<LawPoint>& curve, double largest, const std::string& name, Chart& chart) {
  Band band{.legend = "95\u00A0% of new runs"};
  Line inside{.legend = name}, past{.dashed = true, .legend = "past your runs"};
  for (const LawPoint& point : curve) {
    if (point.response.lower && point.response.upper) {
      band.x.push_back(point.x);
      band.bounds.emplace_back(*point.response.lower, *point.response.upper);
    }
    if (point.x <= largest) inside.points.push_back({point.x, *point.response.estimate});
    if (point.x >= largest) past.points.push_back({point.x, *point.response.estimate});
  }
  chart.bands.push_back(std::move(band));
  chart.lines.push_back(std::move(inside));
  chart.lines.push_back(std::move(past));
}

// The least loss of each budget, as an approach without a law found it.
void AddFoundMinima(const RunsOfFit& drawn, Chart& chart) {
  Line line{.legend = drawn.fit->approach == "isoflop" ? "least loss of a budget" : "envelope"};
  for (const BudgetProfile& profile : drawn.fit->profiles) {
    if (profile.loss_nats_per_token) line.points.push_back({profile.training_flops, *profile.loss_nats_per_token});
  }
  if (line.points.empty()) return;
  chart.marks.push_back({.points = line.points, .shape = Shape::kDiamond, .radius = 4, .color = std::string(ink::kText), .opacity = 1});
  chart.lines.push_back(std::move(line));
}

}  // namespace

Chart ComputeChart(const RunsOfFit& drawn) {
  std::vector<double> abscissas = drawn.abscissas, responses;
  Marks runs{.legend = absl::StrCat("runs (", drawn.runs.size(), ")")};
  for (size_t i = 0; i < drawn.runs.size(); ++i) {
    responses.push_back(*QuantityOf(drawn.runs[i], drawn.response));
    runs.points.push_back({drawn.abscissas[i], responses.back(), RunTitle(drawn, i)});
  }
  const auto [least, greatest] = std::minmax_element(abscissas.begin(), abscissas.end());
  const double low = *least, largest = *greatest;
  std::vector<double> places = LogSteps(low, largest, kSteps);
  places.back() = largest;
  const std::vector<double> beyond = LogSteps(largest, kExtrapolation * largest, kSteps / 3);
  places.insert(places.end(), beyond.begin() + 1, beyond.end());
  const std::vector<LawPoint> curve = Curve(drawn, places);

  Chart chart;
  const bool frontier = !curve.empty() && !drawn.law_in_one_quantity;
  if (!curve.empty()) {
    abscissas.push_back(places.back());
    // The band's narrow end belongs into the picture; its wide one, at the least compute, may leave it.
    responses.push_back(curve.back().response.lower.value_or(*curve.back().response.estimate));
    AddCurve(curve, largest, frontier ? "best split" : "law", chart);
  }
  chart.x = AxisFor(drawn.abscissa, abscissas);
  chart.y = AxisFor(drawn.response, responses);
  chart.marks.push_back(std::move(runs));
  if (drawn.law == nullptr) AddFoundMinima(drawn, chart);
  const std::string what = drawn.response == Quantity::kLoss ? "Loss" : std::string(QuantityName(drawn.response));
  chart.title = absl::StrCat(what, " against ", chart.x.title.substr(0, chart.x.title.find(',')));
  const auto [lowest, highest] =
      std::minmax_element(responses.begin(), responses.begin() + static_cast<long>(drawn.runs.size()));
  chart.description = absl::StrCat(drawn.runs.size(), " runs over ", RangeText(low, largest, chart.x.style), " reach ",
                                   RangeText(*lowest, *highest, chart.y.style), ".");
  if (!curve.empty()) {
    const auto at_largest =
        std::find_if(curve.begin(), curve.end(), [&](const LawPoint& point) { return point.x >= largest; });
    absl::StrAppend(&chart.description, " The law gives ", BracketText(at_largest->response),
                    " at the largest run and ", BracketText(curve.back().response), " at ten times that.");
  }
  return chart;
}

}  // namespace isoflop
