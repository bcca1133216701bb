#include <cmath>
#include <string>

#include "absl/strings/str_cat.h"
#include "core/quantity/known_architecture.h"
#include "plugin/plan/did_you_mean.h"
#include "plugin/plan/framework/framework_readers.h"

// Source: Lightning-AI/litgpt 0.5.13, litgpt/pretrain.py, args.py, config.py and model.py.

namespace isoflop {
namespace {

// Of a key of the network's map, which files of before `model_config` call `model`.
std::string NetworkKey(const FrameworkRun& run, const char* key) {
  return absl::StrCat(run.Find("model.n_layer") != nullptr ? "model." : "model_config.", key);
}

// find_multiple in config.py.
void ReadVocabulary(FrameworkRun& run) {
  if (run.Take("vocabulary_size", NetworkKey(run, "padded_vocab_size"))) return;
  const std::string key = NetworkKey(run, "vocab_size");
  const std::optional<double> size = run.Number(key), multiple = run.Number(NetworkKey(run, "padding_multiple"));
  if (run.Find(key) == nullptr) return run.Miss("vocabulary_size", absl::StrCat(key, " or ", NetworkKey(run, "padded_vocab_size"), " must be given"));
  if (size && multiple.value_or(512) > 0) run.Put("vocabulary_size", std::ceil(*size / multiple.value_or(512)) * multiple.value_or(512), key);
}

void ReadNorms(FrameworkRun& run) {
  const std::string norm_key = NetworkKey(run, "norm_class_name"), layer_key = NetworkKey(run, "n_layer");
  const std::string norm = run.Word(norm_key).value_or("LayerNorm");
  if (norm != "LayerNorm" && norm != "RMSNorm") run.Refuse(norm_key, absl::StrCat(norm_key, " must be LayerNorm or RMSNorm, got \"", norm, "\""));
  // Its LayerNorm keeps its bias whatever `bias` says.
  run.PutWord("norm", norm == "RMSNorm" ? "rms" : "layer", run.FirstOf({norm_key, layer_key}));
  if (run.Switch(NetworkKey(run, "norm_qk"), false)) {
    const bool olmo2 = run.Word(NetworkKey(run, "norm_qk_type")).value_or("default") == "olmo2";
    run.PutWord("query_key_norm", olmo2 ? "all_heads" : "per_head", NetworkKey(run, "norm_qk"));
  }
  const std::string after_key = NetworkKey(run, "post_attention_norm");
  const bool before = run.Switch(NetworkKey(run, "norm_1"), true) && run.Switch(NetworkKey(run, "norm_2"), true);
  if (run.Switch(after_key, false) && before) run.PutWord("post_norms", "true", after_key);
}

void ReadNetwork(FrameworkRun& run) {
  const auto take = [&](std::string_view field, const char* key) { return run.Take(field, NetworkKey(run, key)); };
  take("layer_count", "n_layer");
  take("head_count", "n_head");
  take("key_value_head_count", "n_query_groups");
  take("head_width", "head_size");
  if (!take("model_width", "n_embd")) run.Miss("parameter_count", absl::StrCat(NetworkKey(run, "n_embd"), " must be given"), NetworkKey(run, "n_layer"));
  if (!take("feed_forward_width", "moe_intermediate_size")) take("feed_forward_width", "intermediate_size");
  take("expert_count", "n_expert");
  take("active_expert_count", "n_expert_per_token");
  const std::string bias_key = run.Find(NetworkKey(run, "bias")) != nullptr ? NetworkKey(run, "bias") : NetworkKey(run, "n_layer");
  const bool bias = run.Switch(NetworkKey(run, "bias"), true);
  for (std::string_view field : {"attention_output_bias", "feed_forward_biases"}) run.PutWord(field, bias ? "true" : "false", bias_key);
  run.PutWord("query_key_value_biases", bias || run.Switch(NetworkKey(run, "attn_bias"), false) ? "true" : "false", bias_key);
  const std::string mlp = run.Word(NetworkKey(run, "mlp_class_name")).value_or("GptNeoxMLP");
  if (mlp != "GptNeoxMLP") run.PutWord("gated_feed_forward", "true", NetworkKey(run, "mlp_class_name"));
  ReadNorms(run);
  ReadVocabulary(run);
}

// The releases of Pythia without duplicates in their data are the same networks.
std::string WithoutSuffix(std::string name) {
  const std::string_view suffix = "-deduped";
  if (name.size() > suffix.size() && name.compare(name.size() - suffix.size(), suffix.size(), suffix) == 0) name.resize(name.size() - suffix.size());
  return name.substr(name.rfind('/') == std::string::npos ? 0 : name.rfind('/') + 1);
}

// By its name. The longest context too, on which litgpt trains unless train.max_seq_length says otherwise.
void ReadNamedNetwork(FrameworkRun& run) {
  if (run.Says("layer_count") || run.Says("parameter_count")) return;
  const std::string_view key = run.FirstOf({"model_name", "model_config.name", "model.name"});
  const std::optional<std::string> name = run.Word(key);
  if (!name) return run.Miss("parameter_count", "model_name or model_config must say which network it is", key);
  const std::optional<Architecture> network = KnownArchitecture(WithoutSuffix(*name));
  if (!network) {
    run.Lack("sequence_length");
    const std::optional<std::string> meant = NearestWord(*name, KnownArchitectureNames());
    return run.Miss("parameter_count",
                    absl::StrCat(std::string(key), " \"", *name, "\" is none whose network is known here", meant ? absl::StrCat("; did you mean ", *meant, "?") : "",
                                 " Else describe it under model_config"),
                    key);
  }
  run.PutArchitecture(*network, key);
  run.Put("sequence_length", network->sequence_length, key);
}

void ReadTokens(FrameworkRun& run) {
  if (run.Find("train.epochs") != nullptr && run.Find("train.max_tokens") == nullptr) run.Take("epoch_count", "train.epochs");
  if (!run.Take("sequence_length", "train.max_seq_length")) run.Take("sequence_length", NetworkKey(run, "block_size"));
  run.Take("batch_sequence_count", "train.global_batch_size");
  if (run.Take("token_count", "train.max_tokens")) return;
  if (!run.Take("step_count", "train.max_steps") && run.Find("train.epochs") == nullptr) run.Miss("token_count", "train.max_tokens must be given");
}

void ReadSchedule(FrameworkRun& run) {
  run.Take("learning_rate", run.FirstOf({"optimizer.init_args.lr", "train.learning_rate"}));
  const std::string_view key = run.FirstOf({"train.min_lr", "train.lr_warmup_steps"});
  if (run.Find(key) != nullptr) run.PutWord("form", "cosine", key);
  run.Take("warm_up_step_count", "train.lr_warmup_steps");
  const std::optional<double> peak = run.Number(run.FirstOf({"optimizer.init_args.lr", "train.learning_rate"})), last = run.Number("train.min_lr");
  if (peak && last && *peak > 0) run.Put("final_learning_rate_share", *last / *peak, "train.min_lr");
}

void ReadHardware(FrameworkRun& run) {
  const std::string devices = run.Word("devices").value_or("auto");
  if (devices.empty() || devices.find_first_not_of("0123456789") != std::string::npos) return;
  if (const std::optional<double> count = run.Number("devices")) run.Put("gpu_count", *count * run.Number("num_nodes").value_or(1), "devices");
}

}  // namespace

void ReadLitgpt(FrameworkRun& run) {
  if (run.Find("initial_checkpoint_dir") != nullptr) {
    run.Refuse("initial_checkpoint_dir", "initial_checkpoint_dir must not be set: a law of training does not judge how a trained model goes on");
  }
  if (run.Find(NetworkKey(run, "n_layer")) != nullptr) {
    ReadNetwork(run);
  } else {
    ReadNamedNetwork(run);
  }
  const std::string_view tie = "train.tie_embeddings";
  run.PutWordDefault("tied_embeddings", run.Switch(tie, false) ? "true" : "false", "litgpt's own train.tie_embeddings");
  if (run.Find(tie) != nullptr) run.Take("tied_embeddings", tie);
  ReadTokens(run);
  ReadSchedule(run);
  ReadHardware(run);
}

}  // namespace isoflop
