#include <cmath>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "plugin/plan/framework/framework_readers.h"

// Source: NVIDIA/Megatron-LM, megatron/training/arguments.py, tokenizer.py and yaml_arguments.py (commit d98e8a6).

namespace isoflop {
namespace {

// Of an argument without a value, and of YAML's true.
bool Set(FrameworkRun& run, std::string_view key) {
  return run.Find(key) != nullptr && absl::AsciiStrToLower(run.Word(key).value_or("false")) != "false";
}

void ReadBiases(FrameworkRun& run) {
  const bool plain = run.Find("add_bias_linear") != nullptr ? Set(run, "add_bias_linear") : !Set(run, "disable_bias_linear");
  const std::string_view key = run.FirstOf({"add_bias_linear", "disable_bias_linear", "num_layers"});
  if (run.Find(key) == nullptr) return;
  for (std::string_view field : {"attention_output_bias", "feed_forward_biases"}) run.PutWord(field, plain ? "true" : "false", key);
  run.PutWord("query_key_value_biases", plain || Set(run, "add_qkv_bias") ? "true" : "false", key);
}

// vocab_size_with_padding in megatron/training/tokenizer/tokenizer.py. NullTokenizer has one word more than it is told.
void ReadVocabulary(FrameworkRun& run) {
  if (run.Take("vocabulary_size", "padded_vocab_size") || run.Says("vocabulary_size")) return;
  if (run.Find("vocab_size") == nullptr) {
    return run.Miss("vocabulary_size",
                    "the vocabulary stands in the tokenizer's files: give --vocab-size, or the padded one by a line `# isoflop: architecture: {vocabulary_size: ...}`",
                    run.FirstOf({"tokenizer_type", "vocab_file"}));
  }
  const std::optional<double> told = run.Number("vocab_size");
  if (!told) return;
  const double words = *told + (run.Word("tokenizer_type").value_or("") == "NullTokenizer" ? 1 : 0);
  const double multiple = run.Number("make_vocab_size_divisible_by").value_or(128) * run.Number("tensor_model_parallel_size").value_or(1);
  if (multiple > 0) run.Put("vocabulary_size", std::ceil(words / multiple) * multiple, "vocab_size");
}

void ReadPositions(FrameworkRun& run) {
  const bool rotary = Set(run, "use_rotary_position_embeddings") || run.Word("position_embedding_type").value_or("learned_absolute") != "learned_absolute";
  if (!rotary && !run.Take("learned_position_count", "max_position_embeddings")) {
    run.Miss("learned_position_count", "max_position_embeddings must be given, as positions are learned unless position_embedding_type says otherwise");
  }
}

void ReadFeedForward(FrameworkRun& run) {
  const std::string_view gate = run.FirstOf({"swiglu", "gated_linear_unit", "activation_func"});
  const bool gated = Set(run, "swiglu") || Set(run, "gated_linear_unit") || run.Word("activation_func").value_or("") == "swiglu";
  if (gated) run.PutWord("gated_feed_forward", "true", gate);
  const std::string_view experts = run.FirstOf({"num_experts", "num_moe_experts"});
  if (run.Find(experts) != nullptr) {
    run.Take("expert_count", experts);
    if (!run.Take("active_expert_count", "moe_router_topk")) run.PutDefault("active_expert_count", 2, "Megatron's own moe_router_topk");
    if (run.Take("feed_forward_width", "moe_ffn_hidden_size")) return;
  }
  if (run.Take("feed_forward_width", "ffn_hidden_size")) return;
  // "reduce the dimension for MLP since projections happens on two linear layers. this keeps the number of paramters in the same ballpark"
  const std::optional<double> width = run.Number("hidden_size");
  if (gated && width) run.Put("feed_forward_width", std::floor(4 * *width * 2 / 3 / 64) * 64, "hidden_size");
}

// Networks that core/quantity/architecture.h cannot count.
void RefuseOthers(FrameworkRun& run) {
  for (std::string_view key : {"multi_latent_attention", "moe_shared_expert_intermediate_size", "hybrid_override_pattern", "heterogeneous_layers_config_path"}) {
    const bool off = run.Find(key) == nullptr || !Set(run, key) || run.Word(key) == "0";
    if (!off) run.Miss("parameter_count", absl::StrCat(run.Find(key)->key, " makes a network that is not counted here: say its size by a line `# isoflop: parameter_count: ...`"), key);
  }
  if (run.Find("moe_layer_freq") != nullptr && run.Word("moe_layer_freq") != "1") {
    run.Miss("parameter_count", absl::StrCat(run.Find("moe_layer_freq")->key, " must be 1 for the network to be counted here"), "moe_layer_freq");
  }
}

void ReadNetwork(FrameworkRun& run) {
  for (const auto& [field, key] : {std::pair{"layer_count", "num_layers"}, std::pair{"model_width", "hidden_size"}, std::pair{"head_count", "num_attention_heads"}}) {
    if (!run.Take(field, key)) run.Miss("parameter_count", absl::StrCat(key, " must be given"));
  }
  run.Take("head_width", "kv_channels");
  if (Set(run, "group_query_attention")) run.Take("key_value_head_count", "num_query_groups");
  const std::string norm = run.Word("normalization").value_or("LayerNorm");
  const std::string_view norm_key = run.FirstOf({"normalization", "num_layers"});
  if (run.Find(norm_key) != nullptr) run.PutWord("norm", norm == "RMSNorm" ? "rms" : "layer", norm_key);
  if (Set(run, "qk_layernorm")) run.PutWord("query_key_norm", "per_head", "qk_layernorm");
  const bool untied = Set(run, "untie_embeddings_and_output_weights");
  run.PutWordDefault("tied_embeddings", untied ? "false" : "true", "Megatron's own untie_embeddings_and_output_weights");
  ReadBiases(run);
  ReadFeedForward(run);
  ReadPositions(run);
  ReadVocabulary(run);
  RefuseOthers(run);
}

void ReadTokens(FrameworkRun& run) {
  if (!run.Take("sequence_length", "seq_length")) run.Miss("sequence_length", "seq_length must be given");
  if (!run.Take("batch_sequence_count", "global_batch_size") && run.Find("train_samples") == nullptr) {
    run.Miss("token_count", "global_batch_size must be given: micro_batch_size is of one device", "micro_batch_size");
  }
  const std::optional<double> samples = run.Number("train_samples"), length = run.Number("seq_length");
  if (run.Find("train_samples") == nullptr) {
    if (run.Find("rampup_batch_size") != nullptr) run.Miss("token_count", "rampup_batch_size needs train_samples: with train_iters Megatron takes none", "rampup_batch_size");
    if (!run.Take("step_count", "train_iters")) run.Miss("token_count", "train_samples or train_iters must be given");
  } else if (run.Find("train_iters") != nullptr) {
    run.Miss("token_count", "train_samples and train_iters must not both be given", "train_iters");
  } else if (samples && length) {
    run.Put("token_count", *samples * *length, "train_samples");
  }
}

// How long the learning rate takes to fall, in the unit of training.
bool DecaysByTheEnd(FrameworkRun& run) {
  const std::string unit = run.Find("train_samples") != nullptr ? "samples" : "iters";
  const std::optional<double> decay = run.Number("lr_decay_" + unit), all = run.Number("train_" + unit);
  return !decay || (all && *decay <= *all);
}

void ReadSchedule(FrameworkRun& run) {
  run.Take("learning_rate", "lr");
  const std::string style = absl::AsciiStrToLower(run.Word("lr_decay_style").value_or("linear"));
  const std::string_view form = style == "inverse-square-root" ? "inverse_square_root" : style == "wsd" ? "warm_up_stable_decay" : std::string_view(style);
  if (run.Find("lr_decay_style") != nullptr) run.PutWord("form", form, "lr_decay_style");
  const std::optional<double> peak = run.Number("lr"), last = run.Number("min_lr");
  if (peak && last && *peak > 0 && style != "constant" && DecaysByTheEnd(run)) run.Put("final_learning_rate_share", *last / *peak, "min_lr");
  const std::optional<double> fraction = run.Number("lr_warmup_fraction"), samples = run.Number("lr_warmup_samples"), batch = run.Number("global_batch_size");
  const std::optional<double> iterations = run.Number(run.FirstOf({"lr_decay_iters", "train_iters"}));
  if (fraction && iterations) {
    run.Put("warm_up_step_count", std::round(*fraction * *iterations), "lr_warmup_fraction");
  } else if (samples && *samples > 0 && batch && *batch > 0 && run.Find("rampup_batch_size") == nullptr) {
    run.Put("warm_up_step_count", std::round(*samples / *batch), "lr_warmup_samples");
  } else if (!samples || *samples == 0) {
    run.Take("warm_up_step_count", "lr_warmup_iters");
  }
}

}  // namespace

void ReadMegatron(FrameworkRun& run) {
  if (!run.Says("layer_count")) ReadNetwork(run);
  ReadTokens(run);
  ReadSchedule(run);
}

}  // namespace isoflop
