#include "core/advice/loss_at.h"

#include <cmath>

#include "absl/strings/str_format.h"
#include "core/base/status.h"
#include "core/law/registry.h"

namespace isoflop {

absl::StatusOr<const Law*> LawInSizeAndTokens(const Fit& fit) {
  if (!fit.identified()) {
    return absl::FailedPreconditionError(
        absl::StrFormat("the fit has no parameters%s", fit.diagnostics.empty() ? "" : ": " + fit.diagnostics.front().message));
  }
  ASSIGN_OR_RETURN(const Law* law, FindLaw(fit.law));
  for (Quantity quantity : law->inputs()) {
    if (quantity != Quantity::kParameterCount && quantity != Quantity::kTokenCount && quantity != Quantity::kUniqueTokenCount) {
      return absl::FailedPreconditionError(absl::StrFormat("%s needs %s besides size and tokens", fit.law, QuantityName(quantity)));
    }
  }
  return law;
}

double LossAt(const Law& law, const Theta& theta, double parameter_count, double token_count) {
  LawInput input;
  input.log.fill(NAN);
  input.log[static_cast<int>(Quantity::kParameterCount)] = std::log(parameter_count);
  input.log[static_cast<int>(Quantity::kTokenCount)] = std::log(token_count);
  input.log[static_cast<int>(Quantity::kUniqueTokenCount)] = std::log(token_count);
  return std::exp(law.PredictLog(input, theta, nullptr, nullptr));
}

}  // namespace isoflop
