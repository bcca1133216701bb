#include "core/fit/column_objective.h"

#include <algorithm>
#include <array>
#include <limits>

namespace isoflop {
namespace {

constexpr double kNoTerm = -600;  // e^-600 is nothing beside a loss, and its power still a number.

double LogX(const LawInput& input, const PowerTerm& term) { return term.quantity ? input[*term.quantity] : input.log_abscissa; }

}  // namespace

bool ColumnObjective::Supports(const Objective& objective) { return objective.huber_delta > 0 && objective.law->additive_form().has_value(); }

ColumnObjective::ColumnObjective(const Objective& objective) : objective_(objective), form_(*objective.law->additive_form()) {
  const size_t n = objective.inputs->size();
  for (std::vector<double>* column : {&log_x1_, &log_x2_, &log_loss_, &weight_}) column->reserve(n);
  for (size_t i = 0; i < n; ++i) {
    const double weight = objective.weights ? (*objective.weights)[i] : 1.0;
    if (weight == 0) continue;
    const LawInput& input = (*objective.inputs)[i];
    log_x1_.push_back(LogX(input, form_.first));
    log_x2_.push_back(form_.second ? LogX(input, *form_.second) : 0);
    log_loss_.push_back(input.log_response);
    weight_.push_back(weight);
  }
}

double ColumnObjective::Derivatives(const Theta& theta, FreeVector& gradient, FreeMatrix& hessian) const {
  const PowerTerm& first = form_.first;
  AdditiveCoordinates at{.e = std::max(theta[form_.log_constant], kNoTerm),
                         .a = std::max(theta[first.log_coefficient], kNoTerm),
                         .b = kNoTerm,
                         .alpha = theta[first.exponent],
                         .beta = 0};
  // Positions of (e, a, b, alpha, beta) among the law's coordinates.
  std::array<int, kAdditiveCoordinates> position = {form_.log_constant, first.log_coefficient, -1, first.exponent, -1};
  if (form_.second) {
    at.b = std::max(theta[form_.second->log_coefficient], kNoTerm);
    at.beta = theta[form_.second->exponent];
    position[2] = form_.second->log_coefficient;
    position[4] = form_.second->exponent;
  }
  AdditiveSums sums;
  SumAdditive({log_x1_.data(), log_x2_.data(), log_loss_.data(), weight_.data(), weight_.size()}, at,
              std::min(objective_.huber_delta, std::numeric_limits<double>::max()), sums);

  CoordinateSums all{.value = objective_.scale * sums.value};
  const double* entry = sums.hessian;
  for (int i = 0; i < kAdditiveCoordinates; ++i) {
    if (position[i] >= 0) all.gradient[position[i]] += objective_.scale * sums.gradient[i];
    for (int j = 0; j <= i; ++j, ++entry) {
      if (position[i] < 0 || position[j] < 0) continue;
      all.At(position[i], position[j]) += objective_.scale * *entry;
      // Two coordinates that are one: the entry stands twice in its square.
      if (i != j && position[i] == position[j]) all.At(position[i], position[j]) += objective_.scale * *entry;
    }
  }
  return objective_.Finish(all, theta, gradient, hessian);
}

}  // namespace isoflop
