#include "plugin/recognize/quantity_names.h"

#include <cctype>
#include <map>

namespace isoflop {
namespace {

using enum Quantity;
constexpr auto kNonEmbedding = ParameterConvention::kNonEmbedding;
constexpr auto kActive = ParameterConvention::kActive;

// Sources: what Hugging Face Trainer, Composer, litgpt, torchtitan, OLMo, OLMo-core, Levanter, Megatron-LM, nanoGPT and nanochat log, and
// what people call the quantities in tables of their own. Never the mean over a whole run (Hugging Face's `train_loss`), nor one device's
// tokens (litgpt's `tokens`, when `total_tokens` is there).
const std::vector<KnownName>* MakeNames(Quantity quantity) {
  switch (quantity) {
    case kParameterCount:
      return new std::vector<KnownName>{
          {"isoflop_parameter_count", quantity}, {"parameter_count", quantity}, {"parameter_counts", quantity},
          {"isoflop_n_params", quantity},        {"total_params", quantity},     {"total_parameters", quantity},
          {"num_parameters", quantity},          {"num_params", quantity},       {"n_parameters", quantity},
          {"n_params", quantity},                {"model_num_parameters", quantity}, {"model_parameters", quantity},
          {"model_params", quantity},            {"params", quantity},           {"parameters", quantity},
          {"parameters_count", quantity},        {"num_parameter", quantity},    {"model_size", quantity},
          {"param_count", quantity},             {"nparams", quantity},          {"params_total", quantity},
          {"n_total", quantity},                 {"n", quantity},
          {"non_embedding_parameter_count", quantity, 1, kNonEmbedding},
          {"non_embedding_params", quantity, 1, kNonEmbedding},
          {"n_non_embedding", quantity, 1, kNonEmbedding},
          {"non_embedding_parameters", quantity, 1, kNonEmbedding},
          {"nonembedding_parameters", quantity, 1, kNonEmbedding},
          {"nonembedding_params", quantity, 1, kNonEmbedding},
          {"non_emb_params", quantity, 1, kNonEmbedding},
          {"params_non_embedding", quantity, 1, kNonEmbedding},
          {"active_parameter_count", quantity, 1, kActive},
          {"n_active_params", quantity, 1, kActive},
          {"active_params", quantity, 1, kActive},
          {"active_parameters", quantity, 1, kActive},
          {"activated_params", quantity, 1, kActive},
          {"params_active", quantity, 1, kActive},
      };
    case kTokenCount:
      return new std::vector<KnownName>{
          {"isoflop_token_count", quantity},   {"token_count", quantity},       {"isoflop_tokens", quantity},
          {"total_tokens", quantity},          {"throughput_total_tokens", quantity}, {"tokens_seen", quantity},
          {"n_tokens_seen", quantity},         {"num_input_tokens_seen", quantity},
          {"train_num_input_tokens_seen", quantity}, {"time_token", quantity},  {"training_tokens", quantity},
          {"train_tokens", quantity},          {"num_tokens", quantity},        {"n_tokens", quantity},
          {"tokens_trained", quantity},        {"tokens_processed", quantity},  {"num_train_tokens", quantity},
          {"num_training_tokens", quantity},   {"train_token_count", quantity}, {"training_token_count", quantity},
          {"tokens", quantity},                {"dataset_tokens", quantity},    {"data_tokens", quantity},
          {"d", quantity},
      };
    case kTrainingFlops:
      return new std::vector<KnownName>{
          {"isoflop_training_flops", quantity}, {"training_flops", quantity},     {"total_training_flops", quantity},
          {"train_flops", quantity},            {"total_flops", quantity},        {"total_flos", quantity},
          {"train_total_flos", quantity},       {"flops", quantity},              {"flop", quantity},
          {"training_compute", quantity},       {"train_compute", quantity},      {"compute_flops", quantity},
          {"flops_budget", quantity},           {"compute_budget", quantity},     {"compute", quantity},
          {"c", quantity},                      {"pf_days", quantity, 8.64e19},   {"pfdays", quantity, 8.64e19},
          {"compute_pf_days", quantity, 8.64e19},
          {"throughput_total_gflops", quantity, 1e9},
          {"throughput_total_training_gflops", quantity, 1e9},
          {"throughput_total_petaflops", quantity, 1e15},
      };
    case kLoss:
      return new std::vector<KnownName>{
          {"isoflop_loss", quantity},     {"loss_nats_per_token", quantity}, {"final_loss", quantity},
          {"val_loss", quantity},         {"eval_loss", quantity},           {"validation_loss", quantity},
          {"valid_loss", quantity},       {"validation_metrics_loss", quantity}, {"lm_loss_validation", quantity},
          {"metrics_eval_languagecrossentropy", quantity}, {"test_loss", quantity},
          {"final_val_loss", quantity},   {"final_validation_loss", quantity}, {"final_eval_loss", quantity},
          {"final_test_loss", quantity},  {"val_cross_entropy", quantity},
          {"loss", quantity},             {"train_loss", quantity},          {"training_loss", quantity},
          {"cross_entropy_loss", quantity}, {"cross_entropy", quantity},     {"final_train_loss", quantity},
          {"train_crossentropyloss", quantity}, {"train_ce_loss", quantity}, {"loss_train_total", quantity},
          {"loss_metrics_global_avg_loss", quantity}, {"lm_loss", quantity}, {"l", quantity},
      };
    case kUniqueTokenCount:
      return new std::vector<KnownName>{
          {"isoflop_unique_token_count", quantity}, {"unique_token_count", quantity}, {"unique_tokens", quantity}, {"u", quantity}};
    case kStepCount:
      return new std::vector<KnownName>{
          {"isoflop_step_count", quantity}, {"step_count", quantity}, {"steps", quantity}, {"num_steps", quantity}, {"max_steps", quantity},
          {"train_steps", quantity},        {"s", quantity}};
    case kBatchTokenCount:
      return new std::vector<KnownName>{{"isoflop_batch_token_count", quantity},
                                        {"batch_token_count", quantity},
                                        {"batch_tokens", quantity},
                                        {"tokens_per_batch", quantity},
                                        {"tokens_per_step", quantity},
                                        {"b", quantity}};
    case kLearningRate:
      return new std::vector<KnownName>{
          {"isoflop_learning_rate", quantity}, {"learning_rate", quantity}, {"peak_learning_rate", quantity}, {"peak_lr", quantity},
          {"max_lr", quantity},                {"lr", quantity},            {"eta", quantity}};
  }
  return nullptr;
}

}  // namespace

const std::vector<KnownName>& KnownNames(Quantity quantity) {
  static const auto* const kNames = new std::map<Quantity, const std::vector<KnownName>*>{
      {kParameterCount, MakeNames(kParameterCount)},
      {kTokenCount, MakeNames(kTokenCount)},
      {kTrainingFlops, MakeNames(kTrainingFlops)},
      {kLoss, MakeNames(kLoss)},
      {kUniqueTokenCount, MakeNames(kUniqueTokenCount)},
      {kStepCount, MakeNames(kStepCount)},
      {kBatchTokenCount, MakeNames(kBatchTokenCount)},
      {kLearningRate, MakeNames(kLearningRate)},
  };
  return *kNames->at(quantity);
}

std::string NormalizeName(std::string_view name) {
  constexpr std::string_view kSeparators = " ./_-()%";
  std::string normal;
  bool gap = false;
  for (char c : name) {
    if (kSeparators.find(c) != std::string_view::npos) {
      gap = true;
      continue;
    }
    if (gap && !normal.empty()) normal += '_';
    gap = false;
    normal += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return normal;
}

const KnownName* FindKnownName(std::string_view name) {
  static const auto* const kIndex = [] {
    auto* index = new std::map<std::string_view, const KnownName*>;
    for (Quantity quantity : kAllQuantities) {
      for (const KnownName& known : KnownNames(quantity)) index->emplace(known.name, &known);
    }
    return index;
  }();
  const auto found = kIndex->find(NormalizeName(name));
  return found == kIndex->end() ? nullptr : found->second;
}

}  // namespace isoflop
