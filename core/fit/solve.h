#ifndef ISOFLOP_CORE_FIT_SOLVE_H_
#define ISOFLOP_CORE_FIT_SOLVE_H_

#include <vector>

#include "core/fit/newton.h"
#include "core/fit/prepared.h"

namespace isoflop {

// The optima that the law's starts lead to, best first; empty where none was finite.
std::vector<NewtonResult> FindOptima(const Prepared& evidence);

// Those that these starts lead to.
std::vector<NewtonResult> FindOptimaFrom(const Prepared& evidence, const std::vector<Theta>& starts);

// Replaces `best` where Ceres, the solver of record, started there, finds something lower by 1e-9 of the objective. L1 is left as it is: it
// has no Hessian, and its own optimality test.
void CertifyByCeres(const Objective& objective, NewtonResult& best);

}  // namespace isoflop

#endif  // ISOFLOP_CORE_FIT_SOLVE_H_
