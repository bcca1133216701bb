#include "plugin/plan/architecture_fields.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace isoflop {
namespace {

constexpr std::pair<std::string_view, double Architecture::*> kFigures[] = {
    {"layer_count", &Architecture::layer_count},
    {"model_width", &Architecture::model_width},
    {"head_count", &Architecture::head_count},
    {"key_value_head_count", &Architecture::key_value_head_count},
    {"head_width", &Architecture::head_width},
    {"feed_forward_width", &Architecture::feed_forward_width},
    {"vocabulary_size", &Architecture::vocabulary_size},
    {"learned_position_count", &Architecture::learned_position_count},
    {"expert_count", &Architecture::expert_count},
    {"active_expert_count", &Architecture::active_expert_count},
    {"shared_expert_count", &Architecture::shared_expert_count},
};

constexpr std::pair<std::string_view, bool Architecture::*> kSwitches[] = {
    {"gated_feed_forward", &Architecture::gated_feed_forward},
    {"tied_embeddings", &Architecture::tied_embeddings},
    {"relative_position_projections", &Architecture::relative_position_projections},
    {"query_key_value_biases", &Architecture::query_key_value_biases},
    {"attention_output_bias", &Architecture::attention_output_bias},
    {"feed_forward_biases", &Architecture::feed_forward_biases},
    {"post_norms", &Architecture::post_norms},
};

constexpr std::pair<std::string_view, Norm> kNorms[] = {{"none", Norm::kNone}, {"rms", Norm::kRms}, {"layer", Norm::kLayer}};
constexpr std::pair<std::string_view, QueryKeyNorm> kQueryKeyNorms[] = {
    {"none", QueryKeyNorm::kNone}, {"per_head", QueryKeyNorm::kPerHead}, {"all_heads", QueryKeyNorm::kAllHeads}};

template <typename Table, typename Take>
bool TakeFrom(const Table& table, std::string_view name, Take take) {
  const auto* const found = std::find_if(std::begin(table), std::end(table), [name](const auto& row) { return row.first == name; });
  if (found == std::end(table)) return false;
  take(found->second);
  return true;
}

}  // namespace

bool SetArchitectureFigure(Architecture& architecture, std::string_view name, double value) {
  return TakeFrom(kFigures, name, [&](auto member) { architecture.*member = value; }) ||
         TakeFrom(kSwitches, name, [&](auto member) { architecture.*member = value != 0; });
}

bool SetArchitectureWord(Architecture& architecture, std::string_view name, std::string_view word) {
  if (name == "norm") return TakeFrom(kNorms, word, [&](Norm norm) { architecture.norm = norm; });
  return name == "query_key_norm" && TakeFrom(kQueryKeyNorms, word, [&](QueryKeyNorm norm) { architecture.query_key_norm = norm; });
}

}  // namespace isoflop
