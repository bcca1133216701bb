#ifndef ISOFLOP_CORE_LAW_ADDITIVE_FORM_H_
#define ISOFLOP_CORE_LAW_ADDITIVE_FORM_H_

#include <optional>

#include "core/quantity/quantity.h"

namespace isoflop {

// One term of an additive law: e^(theta[log_coefficient] - theta[exponent] ln x).
struct PowerTerm {
  int log_coefficient = 0;           // Position among the law's coordinates.
  int exponent = 0;                  // Likewise; two terms may share one.
  std::optional<Quantity> quantity;  // x; absent: the abscissa of a law in x alone.
};

// How a law reads as L = e^theta[log_constant] + a power term + perhaps another: what laws of this form have in common is enough to sum their
// losses and derivatives over many runs at once.
struct AdditiveForm {
  int log_constant = 0;
  PowerTerm first;
  std::optional<PowerTerm> second;
};

}  // namespace isoflop

#endif  // ISOFLOP_CORE_LAW_ADDITIVE_FORM_H_
