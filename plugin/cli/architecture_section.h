#ifndef ISOFLOP_PLUGIN_CLI_ARCHITECTURE_SECTION_H_
#define ISOFLOP_PLUGIN_CLI_ARCHITECTURE_SECTION_H_

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/quantity/architecture.h"
#include "core/quantity/parameter_convention.h"
#include "plugin/cli/read_runs.h"

namespace isoflop {

// One network of a table, counted every way.
struct ArchitectureCounts {
  Architecture architecture;  // As described, defaults filled in.
  int64_t row_count = 0;
  // By convention and by rule; a count that needs more than the table says is left out.
  std::map<std::string, double> parameter_counts, training_flops_per_token;
};

// The networks of the runs, by layers and width. `convention` is that of the rule six_n. InvalidArgument where no row describes its network, and
// for a description that breaks a rule.
absl::StatusOr<std::vector<ArchitectureCounts>> CountArchitectures(const RunsRead& runs, ParameterConvention convention);

// The array under "architectures" that `fit --report architectures` adds to the JSON:
//
//   [{"layer_count": 12, "model_width": 768, "row_count": 4, "parameter_count": {"TOTAL": ..., "NON_EMBEDDING": ..., ...},
//     "training_flops_per_token": {"six_n": ..., "kaplan": ..., "deepseek": ..., "chinchilla": ..., ...}}, ...]
nlohmann::ordered_json ArchitectureArray(const std::vector<ArchitectureCounts>& counts);

// The same for people.
std::string ArchitectureTable(const std::vector<ArchitectureCounts>& counts);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_CLI_ARCHITECTURE_SECTION_H_
