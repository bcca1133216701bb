#ifndef ISOFLOP_CORE_FIT_ADDITIVE_SUMS_H_
#define ISOFLOP_CORE_FIT_ADDITIVE_SUMS_H_

#include <cstddef>

namespace isoflop {

// Runs by columns, each of shape [count]: natural logarithms of x1 and x2, of the observed loss, and the weight.
struct AdditiveColumns {
  const double* log_x1;
  const double* log_x2;
  const double* log_loss;
  const double* weight;
  size_t count;
};

// Coordinates of ln L = ln(e^e + e^(a - alpha ln x1) + e^(b - beta ln x2)), all finite: a term of -600 is none.
inline constexpr int kAdditiveCoordinates = 5;
struct AdditiveCoordinates {
  double e, a, b, alpha, beta;
};

// sum_i w_i Huber_delta(r_i), r_i = ln L - ln observed, with its gradient in (e, a, b, alpha, beta) and the lower triangle of its Hessian,
// row by row: ee, ae, aa, be, ba, bb, ...
struct AdditiveSums {
  double value;
  double gradient[kAdditiveCoordinates];
  double hessian[kAdditiveCoordinates * (kAdditiveCoordinates + 1) / 2];
};

// The sums by vector instructions, as wide as the machine has. Exponentials and logarithms are good to 4 units in the last place and sums run
// in no set order, so that the last digits depend on the machine: for searching, not for reporting. `delta` is positive; greatest finite
// double for squares.
void SumAdditive(const AdditiveColumns& runs, const AdditiveCoordinates& at, double delta, AdditiveSums& sums);

}  // namespace isoflop

#endif  // ISOFLOP_CORE_FIT_ADDITIVE_SUMS_H_
