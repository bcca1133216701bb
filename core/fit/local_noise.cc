#include "core/fit/local_noise.h"

#include <Eigen/Dense>
#include <algorithm>
#include <array>
#include <cmath>

#include "core/fit/robust_spread.h"

namespace isoflop {
namespace {

constexpr size_t kNeighbours = 4;
constexpr double kRidge = 0.1;
constexpr double kLeastRadius = 1e-6;  // Of runs repeated at one (N, D).

struct Place {
  double u = 0, v = 0;  // ln N, ln D.
  double residual = 0;
};

// Of all, `most` evenly spaced ones.
template <typename Visit>
void ForSome(size_t count, size_t most, Visit visit) {
  const size_t stride = (count + most - 1) / most;
  for (size_t i = 0; i < count; i += stride) visit(i);
}

// The nearest first: (squared distance, index).
using Neighbours = std::array<std::pair<double, size_t>, kNeighbours>;

Neighbours Nearest(const std::vector<Place>& places, size_t own) {
  Neighbours nearest;
  nearest.fill({INFINITY, 0});
  ForSome(places.size(), kMostNeighbours, [&](size_t j) {
    if (j == own) return;
    const double du = places[j].u - places[own].u, dv = places[j].v - places[own].v;
    std::pair<double, size_t> next = {du * du + dv * dv, j};
    for (auto& kept : nearest) {
      if (next < kept) std::swap(next, kept);
    }
  });
  return nearest;
}

// e / sqrt(v).
double Standardised(const std::vector<Place>& places, size_t own) {
  const Neighbours nearest = Nearest(places, own);
  const double radius = std::max(kLeastRadius, std::sqrt(nearest.back().first));
  Eigen::Matrix3d moments = Eigen::Vector3d(0, kRidge, kRidge).asDiagonal();
  Eigen::Vector3d sums = Eigen::Vector3d::Zero();
  for (const auto& [distance, j] : nearest) {
    const Eigen::Vector3d row(1, (places[j].u - places[own].u) / radius, (places[j].v - places[own].v) / radius);
    moments += row * row.transpose();
    sums += places[j].residual * row;
  }
  const Eigen::Vector3d at_own = moments.ldlt().solve(Eigen::Vector3d(1, 0, 0));
  return (places[own].residual - at_own.dot(sums)) / std::sqrt(1 + at_own[0]);
}

}  // namespace

double LocalNoise(const Prepared& evidence, const std::vector<double>& residuals) {
  const double spread = RobustSpread(residuals);
  if (residuals.size() < kLeastLocalRuns) return spread;
  std::vector<Place> places;
  for (size_t i = 0; i < residuals.size(); ++i) {
    places.push_back({evidence.inputs[i][Quantity::kParameterCount], evidence.inputs[i][Quantity::kTokenCount], residuals[i]});
  }
  std::vector<double> errors;
  ForSome(places.size(), kMostLocalRuns, [&](size_t i) { errors.push_back(Standardised(places, i)); });
  return std::min(spread, RobustSpread(std::move(errors)));
}

}  // namespace isoflop
