#include "core/advice/iso_loss.h"

#include <cmath>

#include "core/quantity/training_flops.h"

namespace isoflop {
namespace {

// x at which coefficient x^-exponent is `reducible`.
double Invert(double coefficient, double exponent, double reducible) {
  return reducible > 0 ? std::pow(coefficient / reducible, 1 / exponent) : INFINITY;
}

}  // namespace

double TokenCountForLoss(const AdditiveLaw& law, double parameter_count, double loss_nats_per_token) {
  return Invert(law.token_loss_coefficient, law.token_loss_exponent,
                loss_nats_per_token - law.irreducible_loss -
                    law.parameter_loss_coefficient * std::pow(parameter_count, -law.parameter_loss_exponent));
}

double ParameterCountForLoss(const AdditiveLaw& law, double token_count, double loss_nats_per_token) {
  return Invert(law.parameter_loss_coefficient, law.parameter_loss_exponent,
                loss_nats_per_token - law.irreducible_loss - law.token_loss_coefficient * std::pow(token_count, -law.token_loss_exponent));
}

double TrainingFlopsOfTie(const AdditiveLaw& law, double parameter_count, double other_parameter_count) {
  const double alpha = law.parameter_loss_exponent, beta = law.token_loss_exponent;
  const double token_terms = law.token_loss_coefficient * (std::pow(other_parameter_count, beta) - std::pow(parameter_count, beta));
  const double size_terms = law.parameter_loss_coefficient * (std::pow(parameter_count, -alpha) - std::pow(other_parameter_count, -alpha));
  return kFlopsPerParameterToken * std::pow(token_terms / size_terms, 1 / beta);
}

}  // namespace isoflop
