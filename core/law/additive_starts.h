#ifndef ISOFLOP_CORE_LAW_ADDITIVE_STARTS_H_
#define ISOFLOP_CORE_LAW_ADDITIVE_STARTS_H_

#include <optional>
#include <vector>

#include "core/law/law.h"

namespace isoflop {

// Coordinates of L = E + A / N^alpha + B / D^beta from which a search may start.
struct AdditiveStart {
  double log_irreducible_loss = 0;       // ln E
  double log_parameter_coefficient = 0;  // ln A
  double log_token_coefficient = 0;      // ln B
  double parameter_exponent = 0;         // alpha
  double token_exponent = 0;             // beta
};

// Those of them that are held.
struct HeldAdditive {
  std::optional<double> log_irreducible_loss;
  std::optional<double> log_parameter_coefficient;
  std::optional<double> log_token_coefficient;
  std::optional<double> parameter_exponent;
  std::optional<double> token_exponent;
};

// Searches a 24 x 24 grid of (alpha, beta) from 0.03 to 2.5, each in equal ratios. For given exponents the law is linear in (E, A, B), so
// each cell solves the non-negative least squares of L_predicted / L - 1 exactly. Returns the cells that are local minima of the summed
// absolute relative error, then the best cells at least three steps away from those, 8 at most, best first. Of more than 2,048
// runs, that many evenly spaced ones decide. (Variable projection: Golub & Pereyra 1973.)
std::vector<AdditiveStart> FindAdditiveStarts(const std::vector<LawInput>& inputs, const HeldAdditive& held);

}  // namespace isoflop

#endif  // ISOFLOP_CORE_LAW_ADDITIVE_STARTS_H_
