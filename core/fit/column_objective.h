#ifndef ISOFLOP_CORE_FIT_COLUMN_OBJECTIVE_H_
#define ISOFLOP_CORE_FIT_COLUMN_OBJECTIVE_H_

#include <vector>

#include "core/fit/additive_sums.h"
#include "core/fit/objective.h"

namespace isoflop {

// The objective of an additive law over columns of its runs, those of weight 0 left out: the same to about 14 digits, several times as fast.
// Searches run on it; what they find is polished by the Objective itself.
class ColumnObjective {
 public:
  // Whether the objective's law has the form; its loss must be smooth (a positive delta).
  static bool Supports(const Objective& objective);

  // `objective` must outlive this, and keep its law, inputs and weights; the rest of it may change between calls.
  explicit ColumnObjective(const Objective& objective);

  // As Objective::Derivatives.
  double Derivatives(const Theta& theta, FreeVector& gradient, FreeMatrix& hessian) const;

 private:
  const Objective& objective_;
  const AdditiveForm form_;
  std::vector<double> log_x1_, log_x2_, log_loss_, weight_;
};

}  // namespace isoflop

#endif  // ISOFLOP_CORE_FIT_COLUMN_OBJECTIVE_H_
