#ifndef ISOFLOP_TESTS_TESTING_CURVES_H_
#define ISOFLOP_TESTS_TESTING_CURVES_H_

#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "core/advice/forecast.h"

namespace isoflop {

struct NamedRun {
  std::string name;
  CurvedRun run;
};

// The columns of a table without quotes, by the names in its header.
inline std::map<std::string, std::vector<std::string>> LoadColumns(const std::string& path) {
  std::ifstream stream(path);
  std::string line, field;
  std::vector<std::string> names;
  std::map<std::string, std::vector<std::string>> columns;
  while (std::getline(stream, line)) {
    std::istringstream fields(line);
    size_t i = 0;
    const bool header = names.empty();
    while (std::getline(fields, field, ',')) {
      if (header) {
        names.push_back(field);
      } else {
        columns[names[i++]].push_back(field);
      }
    }
  }
  return columns;
}

// Whole runs from a table of their points, in order: run, params, tokens, loss and, if known, learning_rate. Steps are tokens.
inline std::vector<NamedRun> LoadCurves(const std::string& path) {
  const auto columns = LoadColumns(path);
  const bool has_rate = columns.contains("learning_rate");
  std::vector<NamedRun> runs;
  for (size_t i = 0; i < columns.at("run").size(); ++i) {
    const std::string& name = columns.at("run")[i];
    if (runs.empty() || runs.back().name != name) runs.push_back({name, {.parameter_count = std::stod(columns.at("params")[i])}});
    CurvedRun& run = runs.back().run;
    run.curve.steps.push_back(std::stod(columns.at("tokens")[i]));
    run.curve.losses.push_back(std::stod(columns.at("loss")[i]));
    if (has_rate) run.curve.learning_rates.push_back(std::stod(columns.at("learning_rate")[i]));
    run.token_count = run.step_count = run.curve.steps.back();
    run.final_loss = run.curve.losses.back();
  }
  return runs;
}

// The OLMo ladder: 25 cosine runs, with their rates.
inline std::vector<NamedRun> OlmoLadder() {
  const std::string folder = std::string(ISOFLOP_TEST_DATA) + "/";
  std::vector<NamedRun> runs = LoadCurves(folder + "olmo_ladder_curves_c4.csv");
  const auto rates = LoadColumns(folder + "olmo_ladder_rates.csv");
  size_t i = 0;
  for (NamedRun& run : runs) {
    for (size_t k = 0; k < run.run.curve.steps.size(); ++k) run.run.curve.learning_rates.push_back(std::stod(rates.at("learning_rate")[i++]));
  }
  return runs;
}

// Nine schedules at 25, 100 and 400 M; D is counted in steps. Named "schedule/millions".
inline std::vector<NamedRun> NineSchedules() {
  const auto columns = LoadColumns(std::string(ISOFLOP_TEST_DATA) + "/multipowerlaw_curves.csv");
  std::vector<NamedRun> runs;
  for (size_t i = 0; i < columns.at("step").size(); ++i) {
    const std::string name = columns.at("schedule")[i] + "/" + columns.at("model_millions")[i];
    if (runs.empty() || runs.back().name != name) runs.push_back({name, {.parameter_count = 1e6 * std::stod(columns.at("model_millions")[i])}});
    CurvedRun& run = runs.back().run;
    run.curve.steps.push_back(std::stod(columns.at("step")[i]));
    run.curve.losses.push_back(std::stod(columns.at("loss")[i]));
    run.curve.learning_rates.push_back(std::stod(columns.at("lr")[i]));
    run.token_count = run.step_count = run.curve.steps.back();
    run.final_loss = run.curve.losses.back();
  }
  return runs;
}

// The run as it was at a fraction of its steps.
inline CurvedRun At(const CurvedRun& run, double fraction) {
  CurvedRun so_far = run;
  so_far.curve = CurveUntil(run.curve, fraction * run.step_count);
  return so_far;
}

}  // namespace isoflop

#endif  // ISOFLOP_TESTS_TESTING_CURVES_H_
