#include "plugin/plan/plan_field.h"

#include <algorithm>

namespace isoflop {
namespace {

using enum FieldGroup;
using enum FieldKind;

constexpr double kMostFigure = 1e9;  // Of an architecture, as core/quantity/architecture.h has it.

PlanField Figure(std::string_view name, std::string_view meaning) {
  return {.name = name, .group = kArchitecture, .kind = kWhole, .least = 0, .greatest = kMostFigure, .meaning = meaning};
}

PlanField Switch(std::string_view name, std::string_view meaning) { return {.name = name, .group = kArchitecture, .kind = kSwitch, .meaning = meaning}; }

std::vector<PlanField> RunFields() {
  return {
      {.name = "name", .kind = kText, .meaning = "What the run is called; by default the file's name, or its place in the list"},
      {.name = "study", .kind = kText, .meaning = "The study whose law judges it"},
      {.name = "purpose",
       .kind = kWord,
       .words = {"model", "evidence"},
       .meaning = "What it is launched for: its model (by default), or what it teaches the law; then its size and ratio are not judged"},
      {.name = "parameter_count", .kind = kCount, .least = 1, .greatest = 1e18, .meaning = "N", .target = &PlannedRun::parameter_count},
      {.name = "parameter_convention",
       .kind = kWord,
       .words = {"total", "non_embedding", "without_input_embedding", "active"},
       .meaning = "What parameter_count counts; total by default"},
      {.name = "active_parameter_count",
       .kind = kCount,
       .least = 1,
       .greatest = 1e18,
       .meaning = "Of a mixture of experts: parameters that a token passes",
       .target = &PlannedRun::active_parameter_count},
      {.name = "token_count",
       .kind = kCount,
       .least = 1,
       .greatest = 1e20,
       .meaning = "D, repeats included; or steps times batch, or epochs times unique tokens",
       .target = &PlannedRun::token_count},
      {.name = "unique_token_count",
       .kind = kCount,
       .least = 1,
       .greatest = 1e20,
       .meaning = "Different tokens that the run may read",
       .target = &CostModel::unique_token_count},
      {.name = "epoch_count",
       .least = 0,
       .greatest = 1e6,
       .positive = true,
       .meaning = "How often it reads them",
       .target = &PlannedRun::epoch_count},
      {.name = "step_count", .kind = kWholeCount, .least = 1, .greatest = 1e12, .meaning = "Optimizer steps", .target = &PlannedRun::step_count},
      {.name = "batch_token_count",
       .least = 1,
       .greatest = 1e12,
       .meaning = "Tokens a step, over all devices",
       .target = &PlannedRun::batch_token_count},
      {.name = "batch_sequence_count", .kind = kWhole, .least = 1, .greatest = 1e9, .meaning = "Sequences a step, over all devices"},
      {.name = "sequence_length",
       .kind = kWhole,
       .least = 1,
       .greatest = 1e9,
       .meaning = "Tokens of a sequence",
       .target = &PlannedRun::sequence_length},
      {.name = "learning_rate",
       .least = 0,
       .greatest = 100,
       .positive = true,
       .meaning = "Peak",
       .target = &PlannedRun::learning_rate},
      {.name = "training_flops",
       .least = 1,
       .greatest = 1e40,
       .meaning = "C, if counted otherwise than 6 N D",
       .target = &PlannedRun::training_flops},
      {.name = "served_token_count",
       .kind = kCount,
       .least = 1,
       .greatest = 1e24,
       .meaning = "Tokens that the model will serve over its life",
       .target = &CostModel::served_token_count},
      {.name = "target_loss_nats_per_token",
       .least = 0,
       .greatest = 100,
       .positive = true,
       .meaning = "Loss that the run should reach",
       .target = &PlannedRun::target_loss_nats_per_token},
      {.name = "budget_flops", .least = 1, .greatest = 1e40, .meaning = "Most FLOPs that it may take", .target = &PlannedRun::budget_flops},
      {.name = "budget_price",
       .least = 0,
       .greatest = 1e15,
       .positive = true,
       .meaning = "Most money that it may cost, in any one currency",
       .target = &PlannedRun::budget_price},
      {.name = "price_per_billion_tokens",
       .least = 0,
       .greatest = 1e12,
       .meaning = "Price of 1e9 new training tokens",
       .target = &CostModel::price_per_billion_tokens},
      {.name = "days", .least = 0, .greatest = 1e5, .positive = true, .meaning = "Days that it may take", .target = &CostModel::days},
      {.name = "start_date", .kind = kDate, .meaning = "Day on which it starts, at 00:00 UTC"},
      {.name = "deadline_date", .kind = kDate, .meaning = "Day by whose end, 24:00 UTC, it must have ended"},
  };
}

std::vector<PlanField> ScheduleFields() {
  return {
      {.name = "form",
       .group = kSchedule,
       .kind = kWord,
       .words = {"constant", "linear", "cosine", "inverse_square_root", "warm_up_stable_decay"},
       .meaning = "How the learning rate falls; `schedule: cosine` says the form alone"},
      {.name = "warm_up_step_count",
       .group = kSchedule,
       .kind = kWholeCount,
       .least = 0,
       .greatest = 1e12,
       .meaning = "Steps in which it rises",
       .target = &PlannedRun::warm_up_step_count},
      {.name = "final_learning_rate_share",
       .group = kSchedule,
       .least = 0,
       .greatest = 1,
       .meaning = "Last learning rate over its peak",
       .target = &PlannedRun::final_learning_rate_share},
  };
}

std::vector<PlanField> HardwareFields() {
  return {
      {.name = "gpu_count", .group = kHardware, .kind = kWhole, .least = 1, .greatest = 1e7, .meaning = "Accelerators", .target = &CostModel::gpu_count},
      {.name = "gpu_flops_per_sec",
       .group = kHardware,
       .least = 1,
       .greatest = 1e20,
       .meaning = "FLOP/s of one, such as 989e12",
       .target = &CostModel::gpu_flops_per_sec},
      {.name = "utilisation",
       .group = kHardware,
       .least = 0,
       .greatest = 1,
       .positive = true,
       .meaning = "Part of them that training reaches; 1 by default",
       .target = &CostModel::utilisation},
      {.name = "gpu_price_per_hour",
       .group = kHardware,
       .least = 0,
       .greatest = 1e6,
       .meaning = "Price of one for an hour",
       .target = &CostModel::gpu_price_per_hour},
      {.name = "gpu_power_kw",
       .group = kHardware,
       .least = 0,
       .greatest = 1e3,
       .meaning = "Power of one with its cooling, kW",
       .target = &CostModel::gpu_power_kw},
      {.name = "electricity_price_per_kwh",
       .group = kHardware,
       .least = 0,
       .greatest = 1e3,
       .meaning = "Price of a kWh, besides gpu_price_per_hour",
       .target = &CostModel::electricity_price_per_kwh},
  };
}

std::vector<PlanField> ArchitectureFieldsOfPlans() {
  return {
      Figure("layer_count", "Layers"),
      Figure("model_width", "Width of the residual stream"),
      Figure("head_count", "Heads of queries"),
      Figure("key_value_head_count", "Heads of keys and values; head_count by default"),
      Figure("head_width", "Width of a head; model_width / head_count by default"),
      Figure("feed_forward_width", "Width of the feed-forward, of one expert; 4 model_width by default"),
      Switch("gated_feed_forward", "Three matrices (SwiGLU, GeGLU) instead of two"),
      Figure("vocabulary_size", "Rows of the embedding matrix, padding included"),
      Switch("tied_embeddings", "The head is the embedding matrix"),
      Figure("learned_position_count", "Rows of a learned position embedding"),
      Switch("relative_position_projections", "One matrix more a layer (Transformer-XL)"),
      Switch("query_key_value_biases", "Biases of queries, keys and values"),
      Switch("attention_output_bias", "Bias of the attention's output"),
      Switch("feed_forward_biases", "Biases of the feed-forward"),
      {.name = "norm", .group = kArchitecture, .kind = kWord, .words = {"none", "rms", "layer"}, .meaning = "Kind of norms; rms by default"},
      Switch("post_norms", "Two norms more a layer (Gemma 2)"),
      {.name = "query_key_norm",
       .group = kArchitecture,
       .kind = kWord,
       .words = {"none", "per_head", "all_heads"},
       .meaning = "Norms of queries and keys: shared by the heads (Qwen 3) or over all of them (OLMo 2)"},
      Figure("expert_count", "Routed experts a layer"),
      Figure("active_expert_count", "Routed experts that a token passes"),
      Figure("shared_expert_count", "Experts that every token passes besides"),
  };
}

}  // namespace

std::string_view FieldGroupName(FieldGroup group) {
  constexpr std::string_view kNames[] = {"", "architecture", "schedule", "hardware"};
  return kNames[static_cast<size_t>(group)];
}

const std::vector<PlanField>& PlanFields() {
  static const auto* const kFields = [] {
    auto* const fields = new std::vector<PlanField>;
    for (const auto& part : {RunFields(), ArchitectureFieldsOfPlans(), ScheduleFields(), HardwareFields()}) {
      fields->insert(fields->end(), part.begin(), part.end());
    }
    return fields;
  }();
  return *kFields;
}

const PlanField* FindPlanField(std::string_view name) {
  const auto found = std::find_if(PlanFields().begin(), PlanFields().end(), [name](const PlanField& field) { return field.name == name; });
  return found == PlanFields().end() ? nullptr : &*found;
}

std::vector<std::string_view> FieldNames(FieldGroup group) {
  std::vector<std::string_view> names;
  for (const PlanField& field : PlanFields()) {
    if (field.group == group) names.push_back(field.name);
  }
  return names;
}

}  // namespace isoflop
