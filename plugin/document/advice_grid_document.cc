#include "plugin/document/advice_grid_document.h"

#include <cmath>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "core/advice/allocation.h"
#include "core/base/status.h"
#include "plugin/document/documents.h"
#include "plugin/document/json_values.h"

namespace isoflop {
namespace {

constexpr int kStepsADecade = 12;
constexpr int kDecadesASide = 3;

// The number that its two digits are read as, so that it prints the same.
double TwoDigits(double value) {
  double rounded = value;
  return absl::SimpleAtod(absl::StrFormat("%.1e", value), &rounded) ? rounded : value;
}

}  // namespace

std::vector<double> GridBudgets(double largest_training_flops) {
  const double decade = std::floor(std::log10(largest_training_flops) + 1e-12);
  std::vector<double> budgets;
  for (int step = -kDecadesASide * kStepsADecade; step <= kDecadesASide * kStepsADecade; ++step) {
    budgets.push_back(TwoDigits(std::pow(10, decade + static_cast<double>(step) / kStepsADecade)));
  }
  return budgets;
}

absl::StatusOr<nlohmann::ordered_json> AdviceGridDocument(const Fit& fit) {
  if (!fit.region || !fit.region->training_flops) return absl::FailedPreconditionError("the fit has no runs");
  nlohmann::ordered_json grid = nlohmann::ordered_json::array();
  for (double budget : GridBudgets(fit.region->training_flops->second)) {
    ASSIGN_OR_RETURN(const Advice advice, AdviseAllocation(fit, budget));
    nlohmann::ordered_json object = AdviceObject(advice);
    for (const char* same : {"convention", "tolerance", "diagnostics"}) object.erase(same);
    grid.push_back(std::move(object));
  }
  return nlohmann::ordered_json{{"schema_version", kSchemaVersion}, {"version", fit.version}, {"advice_grid", std::move(grid)}};
}

}  // namespace isoflop
