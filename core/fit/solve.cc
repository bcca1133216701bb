#include "core/fit/solve.h"

#include <algorithm>
#include <cmath>

#include "core/fit/ceres_solver.h"
#include "core/fit/minimize.h"

namespace isoflop {
namespace {

constexpr double kCeresGain = 1e-9;
constexpr int kCeresIterationCount = 50;
constexpr int kFarStartCount = 8;  // Starts searched through wider Huber deltas too, where basins are narrow.

}  // namespace

std::vector<NewtonResult> FindOptima(const Prepared& evidence) {
  return FindOptimaFrom(evidence, evidence.law->Starts(evidence.inputs, evidence.held));
}

std::vector<NewtonResult> FindOptimaFrom(const Prepared& evidence, const std::vector<Theta>& starts) {
  const Objective objective = evidence.objective();
  std::vector<NewtonResult> optima;
  const bool narrow = evidence.law->has_narrow_basins();
  int start_count = 0;
  for (const Theta& start : starts) {
    if (!narrow || start_count++ < kFarStartCount) optima.push_back(MinimizeFromAfar(objective, start));
    if (narrow) optima.push_back(MinimizeFromNear(objective, start));
  }
  std::erase_if(optima, [](const NewtonResult& optimum) { return !std::isfinite(optimum.objective); });
  std::stable_sort(optima.begin(), optima.end(),
                   [](const NewtonResult& a, const NewtonResult& b) { return a.objective < b.objective; });
  return optima;
}

void CertifyByCeres(const Objective& objective, NewtonResult& best) {
  if (objective.huber_delta == 0) return;
  const CeresResult checked = MinimizeByCeres(objective, best.theta, kCeresIterationCount);
  if (!(checked.objective < best.objective * (1 - kCeresGain))) return;
  const NewtonResult polished = MinimizeByNewton(objective, checked.theta);
  if (polished.objective <= checked.objective) best = polished;
}

}  // namespace isoflop
