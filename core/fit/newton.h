#ifndef ISOFLOP_CORE_FIT_NEWTON_H_
#define ISOFLOP_CORE_FIT_NEWTON_H_

#include <vector>

#include "core/fit/objective.h"

namespace isoflop {

struct NewtonResult {
  Theta theta{};
  double objective = 0;
  bool converged = false;  // The Newton step vanished at a point with a positive definite Hessian.
  int evaluation_count = 0;
};

// Minimises the objective from `start` by Newton's method with the exact Hessian, damped as Marquardt's (1963): the diagonal is raised until
// the Hessian is positive definite and the step lowers the objective. Quadratic convergence near the optimum, so the result is good to
// rounding: where the value no longer tells points apart, undamped steps go on for as long as the gradient shrinks. A coordinate at a bound stays
// there while the gradient holds it.
//
// Searches of additive laws run on columns (column_objective.h), whose last digits depend on the machine. What they find is cut to 24 bits, and
// the undamped steps from there go run by run: the one scalar path that every reported figure comes from.
NewtonResult MinimizeByNewton(const Objective& objective, const Theta& start);

// The same after the wider Huber deltas of `continuation` (those not above the objective's own are left out): the wide valleys come first,
// so that far starts do not get caught between single residuals.
NewtonResult MinimizeByContinuation(const Objective& objective, const Theta& start, const std::vector<double>& continuation);

}  // namespace isoflop

#endif  // ISOFLOP_CORE_FIT_NEWTON_H_
