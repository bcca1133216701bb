// Forecasts of the final loss of published runs from the first 20, 30, 50 and 70 % of their curves: the median and the 90th percentile of the
// absolute error of ln L, in %, and of the 90 % intervals the share that holds the truth and the mean reach. "loo": from all other runs; "past":
// from those of less compute. Exits 1 where the OLMo ladder, loo, misses .10 / .07 % at 30 / 50 %, or its intervals together 85 to 95 %.
//
//   build/tests/advice_forecasts [--curves FILE.csv]     more curves: run, params, tokens, loss and, if known, learning_rate
#include <CLI/CLI.hpp>
#include <cmath>
#include <cstdio>
#include <functional>

#include "core/advice/power_law_forecast.h"
#include "core/fit/percentile.h"
#include "tests/testing/curves.h"

namespace isoflop {
namespace {

constexpr double kFractions[] = {0.2, 0.3, 0.5, 0.7};
constexpr double kLevel = 0.9;
constexpr double kMostAt30 = 0.10, kMostAt50 = 0.07;  // Medians, %.

// The runs that `run` is forecast from.
using Others = std::function<bool(const NamedRun& run, const NamedRun& other)>;

// What is said of a run so far.
using Method = std::function<std::optional<LossForecast>(const CurvedRun& so_far, const std::vector<CurvedRun>& others)>;

struct Score {
  std::vector<double> errors;  // Absolute, %.
  int held = 0;
  double reach = 0;

  double Median() const { return Quantile(errors, 0.5); }
  double Coverage() const { return static_cast<double>(held) / static_cast<double>(errors.size()); }
};

Score ScoreAt(double fraction, const std::vector<NamedRun>& runs, const Others& others, const Method& method) {
  Score score;
  for (const NamedRun& run : runs) {
    std::vector<CurvedRun> finished;
    for (const NamedRun& other : runs) {
      if (other.name != run.name && others(run, other)) finished.push_back(other.run);
    }
    const std::optional<LossForecast> forecast = method(At(run.run, fraction), finished);
    if (!forecast) continue;
    const double error = std::abs(forecast->log_loss.log_loss - std::log(run.run.final_loss));
    const double reach = forecast->multiple * forecast->log_loss.standard_deviation;
    score.errors.push_back(100 * error);
    score.held += error <= reach;
    score.reach += 100 * reach;
  }
  return score;
}

std::vector<Score> PrintRow(const char* title, const std::vector<NamedRun>& runs, const Others& others, const Method& method) {
  std::vector<Score> scores;
  std::printf("%-44s", title);
  for (double fraction : kFractions) {
    const Score& score = scores.emplace_back(ScoreAt(fraction, runs, others, method));
    if (score.errors.empty()) {
      std::printf("  %-26s", "-");
      continue;
    }
    const double n = static_cast<double>(score.errors.size());
    std::printf("  %5.2f/%-5.2f %3.0f %% +-%-5.2f", score.Median(), Quantile(score.errors, 0.9), 100 * score.Coverage(), score.reach / n);
  }
  std::printf("  n %zu\n", scores.back().errors.size());
  std::fflush(stdout);
  return scores;
}

std::optional<LossForecast> AsChosen(const CurvedRun& so_far, const std::vector<CurvedRun>& others) {
  return ForecastFinalLoss(so_far, others, kLevel);
}

// Only where it is the method chosen.
Method Only(ForecastMethod method) {
  return [method](const CurvedRun& so_far, const std::vector<CurvedRun>& others) -> std::optional<LossForecast> {
    const std::optional<LossForecast> forecast = AsChosen(so_far, others);
    return forecast && forecast->method == method ? forecast : std::nullopt;
  };
}

// From seven of the others at most: what a small study has.
std::optional<LossForecast> FromSeven(const CurvedRun& so_far, const std::vector<CurvedRun>& others) {
  std::vector<CurvedRun> few(others.begin(), others.begin() + std::min<std::ptrdiff_t>(7, std::ssize(others)));
  return AsChosen(so_far, few);
}

std::optional<LossForecast> Alone(const CurvedRun& so_far, const std::vector<CurvedRun>&) { return AsChosen(so_far, {}); }

std::optional<LossForecast> WithoutRates(CurvedRun so_far, const std::vector<CurvedRun>&) {
  so_far.curve.learning_rates.clear();
  return AsChosen(so_far, {});
}

// From finished runs of any other schedule, of the run's own size: only the rates connect them.
bool OtherSchedule(const NamedRun& run, const NamedRun& other) {
  return run.run.parameter_count == other.run.parameter_count && run.name != other.name;
}

bool SameSchedule(const NamedRun& run, const NamedRun& other) {
  return run.name.substr(0, run.name.find('/')) == other.name.substr(0, other.name.find('/'));
}

bool Any(const NamedRun&, const NamedRun&) { return true; }

bool Past(const NamedRun& run, const NamedRun& other) {
  return other.run.parameter_count * other.run.token_count < run.run.parameter_count * run.run.token_count;
}

bool Meets(const std::vector<Score>& scores) {
  double held = 0, count = 0;
  for (const Score& score : scores) {
    held += score.held;
    count += static_cast<double>(score.errors.size());
  }
  const double coverage = held / count;
  const bool met = scores[1].Median() <= kMostAt30 && scores[2].Median() <= kMostAt50 && coverage >= 0.85 && coverage <= 0.95;
  std::printf("OLMo, loo: median %.3f / %.3f %% at 30 / 50 %% (at most %.2f / %.2f), coverage %.1f %% (85 to 95): %s\n", scores[1].Median(),
              scores[2].Median(), kMostAt30, kMostAt50, 100 * coverage, met ? "met" : "MISSED");
  return met;
}

int Run(const std::string& curves) {
  std::printf("%-44s  %-26s  %-26s  %-26s  %-26s\n", "median/p90 %, coverage, reach at", "20 %", "30 %", "50 %", "70 %");
  const std::vector<NamedRun> olmo = OlmoLadder(), nine = NineSchedules();
  PrintRow("OLMo ladder, alone, rates not known", olmo, Any, WithoutRates);
  PrintRow("OLMo ladder, alone", olmo, Any, Alone);
  PrintRow("OLMo ladder, from 7 others", olmo, Any, FromSeven);
  PrintRow("OLMo ladder, past", olmo, Past, Only(ForecastMethod::kResidualCarry));
  const std::vector<Score> loo = PrintRow("OLMo ladder, loo", olmo, Any, AsChosen);
  PrintRow("nine schedules, alone, rates not known", nine, Any, WithoutRates);
  PrintRow("nine schedules, alone", nine, Any, Alone);
  PrintRow("nine schedules, same size, others' schedules", nine, OtherSchedule, AsChosen);
  PrintRow("nine schedules, two other sizes", nine, SameSchedule, AsChosen);
  if (!curves.empty()) {
    const std::vector<NamedRun> more = LoadCurves(curves);
    PrintRow("more curves, alone", more, Any, Alone);
    PrintRow("more curves, past", more, Past, AsChosen);
    PrintRow("more curves, loo", more, Any, AsChosen);
  }
  return Meets(loo) ? 0 : 1;
}

}  // namespace
}  // namespace isoflop

int main(int argc, char** argv) {
  std::string curves;
  CLI::App app("Forecasts of published runs");
  app.add_option("--curves", curves, "A table of more curves");
  CLI11_PARSE(app, argc, argv);
  return isoflop::Run(curves);
}
