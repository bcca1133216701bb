#ifndef ISOFLOP_CORE_ADVICE_FIND_ROOT_H_
#define ISOFLOP_CORE_ADVICE_FIND_ROOT_H_

#include <cmath>

namespace isoflop {

// x in [low, high] at which `f`, a monotone function, passes zero, to about 1e-14 (1 + |x|); the nearer end where it does not pass zero there.
// Secant steps that keep the root bracketed (the Illinois rule), with a bisection every third, so that the bracket is never more than a few
// dozen steps from that width.
template <typename Function>
double FindRoot(const Function& f, double low, double high) {
  constexpr double kTolerance = 1e-14;
  constexpr int kMostSteps = 300;
  double f_low = f(low), f_high = f(high);
  if (f_low == 0 || (f_low > 0) == (f_high > 0)) return std::abs(f_low) <= std::abs(f_high) ? low : high;
  for (int step = 0; step < kMostSteps && high - low > kTolerance * (1 + std::abs(low)); ++step) {
    const double secant = (low * f_high - high * f_low) / (f_high - f_low);
    const double x = step % 3 != 2 && secant > low && secant < high ? secant : 0.5 * (low + high);
    if (x <= low || x >= high) break;
    const double value = f(x);
    if (value == 0) return x;
    if ((value > 0) == (f_low > 0)) {
      low = x;
      f_low = value;
      f_high *= 0.5;
    } else {
      high = x;
      f_high = value;
      f_low *= 0.5;
    }
  }
  return 0.5 * (low + high);
}

}  // namespace isoflop

#endif  // ISOFLOP_CORE_ADVICE_FIND_ROOT_H_
