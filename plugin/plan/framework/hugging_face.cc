#include <algorithm>
#include <cmath>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "plugin/plan/did_you_mean.h"
#include "plugin/plan/framework/framework_readers.h"

// Source: huggingface/transformers 5.23.0, models/*/configuration_*.py and modeling_*.py, training_args.py; trl's SFTConfig for max_length.

namespace isoflop {
namespace {

enum class Biases { kNone, kQueryKeyValue, kAll, kByAttentionBias };

// What a model_type fixes that its config.json does not say.
struct ModelType {
  std::string_view name;
  Biases biases = Biases::kNone;
  std::string_view norm = "rms";
  bool gated = true;
  bool tied = false;  // Where tie_word_embeddings is not given.
  std::string_view query_key_norm = "none";
  bool post_norms = false;
  double head_width = 0;  // Where head_dim is not given; 0: hidden_size / num_attention_heads.
};

constexpr ModelType kModelTypes[] = {
    {.name = "gemma", .biases = Biases::kByAttentionBias, .tied = true, .head_width = 256},
    {.name = "gemma2", .biases = Biases::kByAttentionBias, .tied = true, .post_norms = true, .head_width = 256},
    {.name = "gemma3_text", .biases = Biases::kByAttentionBias, .tied = true, .query_key_norm = "per_head", .post_norms = true, .head_width = 256},
    {.name = "gpt2", .biases = Biases::kAll, .norm = "layer", .gated = false, .tied = true},
    {.name = "gpt_neox", .biases = Biases::kAll, .norm = "layer", .gated = false},
    {.name = "granite", .biases = Biases::kByAttentionBias},
    {.name = "llama", .biases = Biases::kByAttentionBias},
    {.name = "mistral"},
    {.name = "mixtral"},
    {.name = "olmo", .biases = Biases::kByAttentionBias, .norm = "none"},
    {.name = "olmo2", .biases = Biases::kByAttentionBias, .query_key_norm = "all_heads"},
    {.name = "olmo3", .biases = Biases::kByAttentionBias, .query_key_norm = "all_heads"},
    {.name = "opt", .biases = Biases::kAll, .norm = "layer", .gated = false, .tied = true},
    {.name = "phi3"},
    {.name = "qwen2", .biases = Biases::kQueryKeyValue},
    {.name = "qwen3", .biases = Biases::kByAttentionBias, .query_key_norm = "per_head", .head_width = 128},
    {.name = "qwen3_moe", .biases = Biases::kByAttentionBias, .query_key_norm = "per_head"},
    {.name = "smollm3", .biases = Biases::kByAttentionBias, .tied = true},
};

// Null, with a problem, for a model_type that is not among them.
const ModelType* FindModelType(FrameworkRun& run) {
  const std::optional<std::string> name = run.Word("model_type");
  const ModelType* const found = std::find_if(std::begin(kModelTypes), std::end(kModelTypes), [&](const ModelType& type) { return type.name == name; });
  if (found != std::end(kModelTypes)) return found;
  if (!name) {
    run.Miss("parameter_count", "config.json must say model_type");
    return nullptr;
  }
  std::vector<std::string_view> names;
  for (const ModelType& type : kModelTypes) names.push_back(type.name);
  const std::optional<std::string> meant = NearestWord(*name, names);
  run.Miss("parameter_count",
           absl::StrCat("model_type \"", *name, "\" is none whose network is counted here", meant ? absl::StrCat("; did you mean ", *meant, "?") : "",
                        " Else say its size by \"isoflop\": {\"parameter_count\": ...}"),
           "model_type");
  return nullptr;
}

void ReadBiases(FrameworkRun& run, const ModelType& type) {
  const bool by_key = type.biases == Biases::kByAttentionBias && run.Switch("attention_bias", false);
  const std::string_view key = run.FirstOf({"attention_bias", "model_type"});
  if (by_key || type.biases != Biases::kByAttentionBias) {
    const bool all = by_key || (type.biases == Biases::kAll && run.Switch("attention_bias", true));
    if (all || type.biases == Biases::kQueryKeyValue) run.PutWord("query_key_value_biases", "true", key);
    if (all) run.PutWord("attention_output_bias", "true", key);
  }
  if (type.biases == Biases::kAll || run.Switch("mlp_bias", false)) run.PutWord("feed_forward_biases", "true", run.FirstOf({"mlp_bias", "model_type"}));
}

void ReadExperts(FrameworkRun& run) {
  const std::string_view experts = run.FirstOf({"num_local_experts", "num_experts"});
  if (run.Find(experts) == nullptr) return;
  run.Take("expert_count", experts);
  run.Take("active_expert_count", "num_experts_per_tok");
  run.Take("feed_forward_width", "moe_intermediate_size");
  if (run.Number("decoder_sparse_step").value_or(1) != 1) {
    run.Miss("parameter_count", "decoder_sparse_step must be 1 for the network to be counted here", "decoder_sparse_step");
  }
}

void ReadPositions(FrameworkRun& run, const ModelType& type) {
  if (type.name == "gpt2") {
    run.Take("learned_position_count", "n_positions");
  } else if (type.name == "opt") {
    const std::optional<double> positions = run.Number("max_position_embeddings");
    if (positions) run.Put("learned_position_count", *positions + 2, "max_position_embeddings");  // OPTLearnedPositionalEmbedding's offset.
    const std::optional<double> projected = run.Number("word_embed_proj_dim");
    if (projected && projected != run.Number("hidden_size")) {
      run.Miss("parameter_count", "word_embed_proj_dim must be hidden_size for the network to be counted here", "word_embed_proj_dim");
    }
  }
}

void ReadNetwork(FrameworkRun& run, const ModelType& type) {
  const auto take_first = [&](std::string_view field, std::initializer_list<std::string_view> keys) { return run.Take(field, run.FirstOf(keys)); };
  if (!take_first("layer_count", {"num_hidden_layers", "n_layer"})) run.Miss("parameter_count", "num_hidden_layers must be given");
  if (!take_first("model_width", {"hidden_size", "n_embd"})) run.Miss("parameter_count", "hidden_size must be given");
  if (!take_first("head_count", {"num_attention_heads", "n_head"})) run.Miss("parameter_count", "num_attention_heads must be given");
  if (!run.Take("vocabulary_size", "vocab_size")) run.Miss("parameter_count", "vocab_size must be given");
  run.Take("key_value_head_count", "num_key_value_heads");
  if (!run.Take("head_width", "head_dim") && type.head_width > 0) run.Put("head_width", type.head_width, "model_type");
  take_first("feed_forward_width", {"intermediate_size", "n_inner", "ffn_dim"});
  if (!run.Take("tied_embeddings", "tie_word_embeddings")) run.PutWord("tied_embeddings", type.tied ? "true" : "false", "model_type");
  run.PutWord("gated_feed_forward", type.gated ? "true" : "false", "model_type");
  run.PutWord("norm", type.norm, "model_type");
  run.PutWord("query_key_norm", type.query_key_norm, "model_type");
  run.PutWord("post_norms", type.post_norms ? "true" : "false", "model_type");
  ReadBiases(run, type);
  ReadExperts(run);
  ReadPositions(run, type);
}

// Of all devices, from one's.
void ReadBatch(FrameworkRun& run) {
  if (run.Says("batch_token_count") || run.Says("batch_sequence_count")) return;
  const std::string_view key = "per_device_train_batch_size";
  if (run.Find(key) == nullptr) return run.Miss("token_count", "per_device_train_batch_size must be given, in the same file, in training_args.json or training_args.yaml beside it");
  run.Take("gpu_count", "world_size");
  const std::optional<double> world = run.Find("world_size") != nullptr ? run.Number("world_size") : run.SaidNumber("gpu_count");
  if (!world) {
    return run.Miss("token_count", "per_device_train_batch_size is of one device: give world_size, or hardware.gpu_count under \"isoflop\"", key);
  }
  const std::optional<double> local = run.Number(key), accumulation = run.Number("gradient_accumulation_steps");
  if (local) run.Put("batch_sequence_count", *local * accumulation.value_or(1) * *world, key);
}

// max_steps over num_train_epochs, as the Trainer has it.
void ReadTokens(FrameworkRun& run) {
  ReadBatch(run);
  const std::string_view length = run.FirstOf({"block_size", "max_length", "max_seq_length", "sequence_length"});
  if (!run.Take("sequence_length", length)) {
    run.Miss("sequence_length", "the length of sequences must be given (block_size, max_length, or sequence_length under \"isoflop\"): max_position_embeddings is only its limit");
  }
  if (run.Number("max_steps").value_or(-1) > 0) {
    run.Take("step_count", "max_steps");
  } else if (run.Find("num_train_epochs") != nullptr && run.Says("unique_token_count")) {
    run.Take("epoch_count", "num_train_epochs");
  } else {
    run.Miss("token_count", "max_steps must be given, or num_train_epochs with unique_token_count under \"isoflop\"", run.FirstOf({"max_steps", "num_train_epochs"}));
  }
}

void ReadSchedule(FrameworkRun& run) {
  constexpr std::string_view kKey = "lr_scheduler_type";
  run.Take("learning_rate", "learning_rate");
  const std::string type = run.Word(kKey).value_or("");
  if (type == "linear" || type == "cosine") {
    run.PutWord("form", type, kKey);
    run.Put("final_learning_rate_share", 0, kKey);
  } else if (type == "constant" || type == "constant_with_warmup") {
    run.PutWord("form", "constant", kKey);
  } else if (type == "inverse_sqrt") {
    run.PutWord("form", "inverse_square_root", kKey);
  } else if (type == "warmup_stable_decay") {
    run.PutWord("form", "warm_up_stable_decay", kKey);
  } else if (type == "cosine_with_min_lr") {
    run.PutWord("form", "cosine", kKey);
    run.Take("final_learning_rate_share", "lr_scheduler_kwargs.min_lr_rate");
  }
  const std::optional<double> steps = run.Number("warmup_steps"), ratio = run.Number("warmup_ratio"), all = run.Number("max_steps");
  const std::string_view share_key = steps && *steps > 0 ? "warmup_steps" : "warmup_ratio";
  const std::optional<double> share = steps && *steps > 0 ? steps : ratio;
  if (share && *share < 1 && all && *all > 0) {
    run.Put("warm_up_step_count", std::ceil(*share * *all), share_key);  // Below 1: of max_steps.
  } else if (steps && *steps >= 1) {
    run.Take("warm_up_step_count", "warmup_steps");
  }
}

}  // namespace

void ReadHuggingFace(FrameworkRun& run) {
  if (!run.Says("layer_count") && !run.Says("parameter_count")) {
    if (const ModelType* type = FindModelType(run)) ReadNetwork(run, *type);
  }
  ReadTokens(run);
  ReadSchedule(run);
}

}  // namespace isoflop
