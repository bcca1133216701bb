#include "core/advice/rate_schedule.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace isoflop {
namespace {

constexpr double kAtPeak = 0.99;
constexpr int kFormPoints = 64;

// A schedule without warm-up from share 1 to `last`.
template <typename Share>
RateSchedule MakeForm(Share share) {
  RateSchedule form;
  for (int i = 0; i <= kFormPoints; ++i) {
    form.fractions.push_back(static_cast<double>(i) / kFormPoints);
    form.shares.push_back(share(form.fractions.back()));
  }
  return form;
}

std::vector<RateSchedule> Forms() {
  const auto cosine = [](double last) {
    return [last](double f) { return last + (1 - last) * (1 + std::cos(std::numbers::pi * f)) / 2; };
  };
  return {MakeForm([](double) { return 1.0; }), MakeForm([](double f) { return 1 - f; }), MakeForm(cosine(0)), MakeForm(cosine(0.1))};
}

}  // namespace

double RateSchedule::ShareAt(double fraction) const {
  if (fraction <= fractions.front()) return shares.front();
  if (fraction >= fractions.back()) return shares.back();
  const size_t above = std::upper_bound(fractions.begin(), fractions.end(), fraction) - fractions.begin();
  const double share = (fraction - fractions[above - 1]) / (fractions[above] - fractions[above - 1]);
  return shares[above - 1] + share * (shares[above] - shares[above - 1]);
}

double RateSchedule::AlignedFraction(double fraction, const RateSchedule& other) const {
  if (!(warm_up < 1)) return fraction;
  return other.warm_up + (fraction - warm_up) / (1 - warm_up) * (1 - other.warm_up);
}

std::optional<RateSchedule> ScheduleOf(const LossCurve& curve, double step_count) {
  if (curve.learning_rates.empty()) return std::nullopt;
  const double peak = *std::max_element(curve.learning_rates.begin(), curve.learning_rates.end());
  if (!(peak > 0) || !(step_count > 0)) return std::nullopt;
  RateSchedule schedule;
  for (size_t i = 0; i < curve.steps.size(); ++i) {
    schedule.fractions.push_back(curve.steps[i] / step_count);
    schedule.shares.push_back(curve.learning_rates[i] / peak);
  }
  const auto reached = std::find_if(schedule.shares.begin(), schedule.shares.end(), [](double share) { return share >= kAtPeak; });
  if (reached == schedule.shares.begin()) return schedule;
  schedule.warm_up = schedule.fractions[reached - schedule.shares.begin()];
  schedule.fractions.insert(schedule.fractions.begin(), 0);
  schedule.shares.insert(schedule.shares.begin(), 0);
  return schedule;
}

double ShapeDistance(const RateSchedule& run, const RateSchedule& other) {
  double greatest = 0;
  for (size_t i = 0; i < run.fractions.size(); ++i) {
    if (run.fractions[i] <= run.warm_up) continue;
    greatest = std::max(greatest, std::abs(run.shares[i] - other.ShareAt(run.AlignedFraction(run.fractions[i], other))));
  }
  return greatest;
}

RateSchedule ContinueAs(const RateSchedule& run, const RateSchedule& other) {
  RateSchedule whole = run;
  for (size_t i = 0; i < other.fractions.size(); ++i) {
    const double fraction = other.AlignedFraction(other.fractions[i], run);
    if (fraction <= whole.fractions.back()) continue;
    whole.fractions.push_back(fraction);
    whole.shares.push_back(other.shares[i]);
  }
  return whole;
}

std::optional<RateSchedule> ContinueByForm(const RateSchedule& run) {
  double least = kSameForm;
  std::optional<RateSchedule> nearest;
  for (const RateSchedule& form : Forms()) {
    const double distance = ShapeDistance(run, form);
    if (!(distance <= least)) continue;
    least = distance;
    nearest = ContinueAs(run, form);
  }
  return nearest;
}

}  // namespace isoflop
