#include "plugin/cli/architecture_section.h"

#include <algorithm>
#include <tuple>

#include "absl/strings/str_format.h"
#include "core/base/status.h"
#include "core/quantity/flops_per_token.h"
#include "plugin/recognize/read_architecture.h"

namespace isoflop {
namespace {

using enum ParameterConvention;
constexpr ParameterConvention kConventions[] = {kTotal, kNonEmbedding, kWithoutInputEmbedding, kActive};
constexpr FlopRule kRules[] = {FlopRule::kSixN,          FlopRule::kKaplan,        FlopRule::kDeepSeek,
                               FlopRule::kDeepSeekSixN1, FlopRule::kDeepSeekSixN2, FlopRule::kChinchilla};

// What the labels say of the network, by field.
std::map<std::string, std::string> Description(const Observation& observation) {
  std::map<std::string, std::string> description;
  for (const auto& [name, text] : observation.labels) {
    if (std::optional<std::string> field = ArchitectureField(name)) description[name] = text;
  }
  return description;
}

absl::StatusOr<ArchitectureCounts> Count(const std::map<std::string, std::string>& description, int64_t row_count, ParameterConvention convention) {
  ASSIGN_OR_RETURN(const Architecture described, ReadArchitecture(description));
  ArchitectureCounts counts{.row_count = row_count};
  ASSIGN_OR_RETURN(counts.architecture, CompleteArchitecture(described));
  for (ParameterConvention one : kConventions) {
    const absl::StatusOr<double> count = CountParameters(described, one);
    if (count.ok()) counts.parameter_counts[std::string(ParameterConventionName(one))] = *count;
  }
  for (FlopRule rule : kRules) {
    const absl::StatusOr<double> flops = TrainingFlopsPerToken(described, rule, convention);
    if (flops.ok()) counts.training_flops_per_token[std::string(FlopRuleName(rule))] = *flops;
  }
  return counts;
}

std::string Cell(const std::map<std::string, double>& counts, const std::string& name) {
  const auto found = counts.find(name);
  return found == counts.end() ? "-" : absl::StrFormat("%.10g", found->second);
}

}  // namespace

absl::StatusOr<std::vector<ArchitectureCounts>> CountArchitectures(const RunsRead& runs, ParameterConvention convention) {
  std::map<std::map<std::string, std::string>, int64_t> row_counts;
  for (const RunGroup& group : runs.groups) {
    for (const Observation& observation : group.observations) {
      if (DescribesArchitecture(observation.labels, kNonEmbedding)) ++row_counts[Description(observation)];
    }
  }
  if (row_counts.empty()) {
    return absl::InvalidArgumentError("--report architectures needs columns layer_count and model_width, or --architecture");
  }
  std::vector<ArchitectureCounts> all;
  for (const auto& [description, row_count] : row_counts) {
    ASSIGN_OR_RETURN(all.emplace_back(), Count(description, row_count, convention));
  }
  std::stable_sort(all.begin(), all.end(), [](const ArchitectureCounts& a, const ArchitectureCounts& b) {
    return std::tie(a.architecture.layer_count, a.architecture.model_width) < std::tie(b.architecture.layer_count, b.architecture.model_width);
  });
  return all;
}

nlohmann::ordered_json ArchitectureArray(const std::vector<ArchitectureCounts>& counts) {
  nlohmann::ordered_json array = nlohmann::ordered_json::array();
  for (const ArchitectureCounts& one : counts) {
    array.push_back({{"layer_count", one.architecture.layer_count},
                     {"model_width", one.architecture.model_width},
                     {"row_count", one.row_count},
                     {"parameter_count", one.parameter_counts},
                     {"training_flops_per_token", one.training_flops_per_token}});
  }
  return array;
}

std::string ArchitectureTable(const std::vector<ArchitectureCounts>& counts) {
  std::string text = absl::StrFormat("\n%-8s%-8s%-6s", "layers", "width", "rows");
  for (ParameterConvention one : kConventions) absl::StrAppendFormat(&text, "%-27s", "N " + std::string(ParameterConventionName(one)));
  for (FlopRule rule : kRules) absl::StrAppendFormat(&text, "%-14s", std::string(FlopRuleName(rule)));
  text += "\n";
  for (const ArchitectureCounts& one : counts) {
    absl::StrAppendFormat(&text, "%-8g%-8g%-6d", one.architecture.layer_count, one.architecture.model_width, one.row_count);
    for (ParameterConvention convention : kConventions) {
      absl::StrAppendFormat(&text, "%-27s", Cell(one.parameter_counts, std::string(ParameterConventionName(convention))));
    }
    for (FlopRule rule : kRules) absl::StrAppendFormat(&text, "%-14s", Cell(one.training_flops_per_token, std::string(FlopRuleName(rule))));
    text += "\n";
  }
  return text + "N by convention, then training FLOPs/token by rule; -: the columns do not say enough.\n";
}

}  // namespace isoflop
