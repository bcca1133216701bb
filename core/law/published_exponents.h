#ifndef ISOFLOP_CORE_LAW_PUBLISHED_EXPONENTS_H_
#define ISOFLOP_CORE_LAW_PUBLISHED_EXPONENTS_H_

#include <string_view>

#include "absl/status/statusor.h"
#include "core/law/law.h"

namespace isoflop {

// Exponents of L(N, D) = E + A / N^alpha + B / D^beta as published: what may stand in for runs that a study does not have yet. E, A and B belong to
// the data set and the tokenizer that they were fitted on, and are never borrowed.
struct PublishedExponents {
  std::string_view name;    // Such as "hoffmann2022".
  std::string_view source;  // For people.
  double parameter_loss_exponent = 0;  // alpha
  double token_loss_exponent = 0;      // beta
};

// By how much exponents of one study differ from those of another: published fits range from .22 to .36 (alpha) and, one of .6 apart, from .16 to .39 (beta).
inline constexpr double kPublishedExponentDeviation = 0.1;

// The one that is offered where a study has too few runs: the refit of the most used one, whose own printed constants do not fit its runs.
inline constexpr std::string_view kUsualPublishedExponents = "besiroglu2024";

// InvalidArgument, listing the names, for one that is not known.
absl::StatusOr<PublishedExponents> FindPublishedExponents(std::string_view name);

// Whether the law has these two exponents, alpha and beta.
bool TakesPublishedExponents(const Law& law);

}  // namespace isoflop

#endif  // ISOFLOP_CORE_LAW_PUBLISHED_EXPONENTS_H_
