#include <utility>

#include "absl/strings/str_cat.h"
#include "plugin/plan/framework/framework_readers.h"

// Source: karpathy/nanoGPT, train.py and model.py (commit 3adf61e).

namespace isoflop {
namespace {

constexpr double kPaddedVocabulary = 50304;  // "defaulting to vocab_size of GPT-2 to 50304 (50257 rounded up for efficiency)"

// What train.py has where the configuration sets nothing.
constexpr std::pair<std::string_view, double> kDefaults[] = {
    {"n_layer", 12},     {"n_head", 12},         {"n_embd", 768},      {"block_size", 1024}, {"batch_size", 12}, {"gradient_accumulation_steps", 40},
    {"max_iters", 6e5},  {"learning_rate", 6e-4}, {"warmup_iters", 2000}, {"lr_decay_iters", 6e5}, {"min_lr", 6e-5},
};

double DefaultOf(std::string_view key) {
  for (const auto& [name, value] : kDefaults) {
    if (name == key) return value;
  }
  return 0;
}

double ValueOf(FrameworkRun& run, std::string_view key) { return run.Number(key).value_or(DefaultOf(key)); }

void TakeOrDefault(FrameworkRun& run, std::string_view field, std::string_view key) {
  if (!run.Take(field, key)) run.PutDefault(field, DefaultOf(key), absl::StrCat("nanoGPT's own ", std::string(key)));
}

void ReadNetwork(FrameworkRun& run) {
  TakeOrDefault(run, "layer_count", "n_layer");
  TakeOrDefault(run, "head_count", "n_head");
  TakeOrDefault(run, "model_width", "n_embd");
  TakeOrDefault(run, "learned_position_count", "block_size");
  run.PutWordDefault("tied_embeddings", "true", "nanoGPT's own head");
  if (run.Switch("bias", false)) {
    for (std::string_view field : {"query_key_value_biases", "attention_output_bias", "feed_forward_biases"}) run.PutWord(field, "true", "bias");
    run.PutWord("norm", "layer", "bias");
  }  // Without biases its norms have one weight a channel, as RMSNorm has.
  const std::string dataset = run.Word("dataset").value_or("openwebtext");
  if (run.Find("vocab_size") != nullptr) {
    run.Take("vocabulary_size", "vocab_size");
  } else if (dataset.find("char") != std::string::npos) {
    run.Miss("vocabulary_size",
             absl::StrCat("the vocabulary of ", dataset, " stands in its meta.pkl: add a line `# isoflop: architecture: {vocabulary_size: ...}`"), "dataset");
  } else {
    run.PutDefault("vocabulary_size", kPaddedVocabulary, "nanoGPT's own vocab_size");
  }
}

void ReadSchedule(FrameworkRun& run) {
  TakeOrDefault(run, "learning_rate", "learning_rate");
  if (!run.Switch("decay_lr", true)) return run.PutWord("form", "constant", "decay_lr");
  run.PutWordDefault("form", "cosine", "nanoGPT's own schedule");
  TakeOrDefault(run, "warm_up_step_count", "warmup_iters");
  const double peak = ValueOf(run, "learning_rate"), last = ValueOf(run, "min_lr");
  const bool decayed = ValueOf(run, "lr_decay_iters") <= ValueOf(run, "max_iters");
  if (decayed && peak > 0 && last >= 0 && run.Find("min_lr") != nullptr) run.Put("final_learning_rate_share", last / peak, "min_lr");
}

}  // namespace

void ReadNanogpt(FrameworkRun& run) {
  const std::string from = run.Word("init_from").value_or("scratch");
  if (from != "scratch") {
    run.Refuse("init_from", absl::StrCat("init_from must be \"scratch\", got \"", from, "\": a law of training does not judge how a trained model goes on"));
  }
  ReadNetwork(run);
  TakeOrDefault(run, "sequence_length", "block_size");
  TakeOrDefault(run, "step_count", "max_iters");
  const bool accumulation = run.Find("gradient_accumulation_steps") != nullptr, batch = run.Find("batch_size") != nullptr;
  const double sequences = ValueOf(run, "batch_size") * ValueOf(run, "gradient_accumulation_steps");
  if (batch || accumulation) {
    run.Put("batch_sequence_count", sequences, batch ? "batch_size" : "gradient_accumulation_steps");
  } else {
    run.PutDefault("batch_sequence_count", sequences, "nanoGPT's own batch_size");
  }
  ReadSchedule(run);
}

}  // namespace isoflop
