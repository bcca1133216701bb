#include "core/law/published_exponents.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"

namespace isoflop {
namespace {

constexpr PublishedExponents kKnown[] = {
    {"hoffmann2022", "Hoffmann et al. 2022 (arXiv:2203.15556), appendix D.3", 0.34, 0.28},
    {"besiroglu2024", "Besiroglu et al. 2024 (arXiv:2404.10102)", 0.3478, 0.3658},
    {"muennighoff2023", "Muennighoff et al. 2023 (arXiv:2305.16264), appendix A", 0.353, 0.353},
};

}  // namespace

absl::StatusOr<PublishedExponents> FindPublishedExponents(std::string_view name) {
  std::string names;
  for (const PublishedExponents& known : kKnown) {
    if (known.name == name) return known;
    names += (names.empty() ? "" : ", ") + std::string(known.name);
  }
  return absl::InvalidArgumentError(absl::StrCat("published law must be one of ", names, "; got \"", std::string(name), "\""));
}

bool TakesPublishedExponents(const Law& law) {
  return std::count_if(law.parameters().begin(), law.parameters().end(),
                       [](const ParameterInfo& one) { return one.symbol == "alpha" || one.symbol == "beta"; }) == 2;
}

}  // namespace isoflop
