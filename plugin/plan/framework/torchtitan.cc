#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/quantity/known_architecture.h"
#include "plugin/plan/framework/framework_readers.h"

// Source: pytorch/torchtitan, torchtitan/config/job_config.py and models/*/__init__.py, as long as it was configured by TOML (to release 0.2).

namespace isoflop {
namespace {

// The flavors whose networks this program can count, under the names of core/quantity/known_architecture.h.
struct Flavor {
  std::string_view model, flavor, architecture;
};
constexpr Flavor kFlavors[] = {
    {"llama3", "8B", "Llama-3-8B"},    {"llama3", "70B", "Llama-3-70B"}, {"llama3", "405B", "Llama-3.1-405B"}, {"qwen3", "0.6B", "Qwen3-0.6B"},
    {"qwen3", "1.7B", "Qwen3-1.7B"},   {"qwen3", "4B", "Qwen3-4B"},      {"qwen3", "8B", "Qwen3-8B"},          {"qwen3", "14B", "Qwen3-14B"},
    {"qwen3", "32B", "Qwen3-32B"},     {"qwen3", "30B-A3B", "Qwen3-30B-A3B"},
};

void ReadNetwork(FrameworkRun& run) {
  if (run.Says("layer_count") || run.Says("parameter_count")) return;
  const std::optional<std::string> model = run.Word("model.name"), flavor = run.Word("model.flavor");
  if (!model || !flavor) return run.Miss("parameter_count", "model.name and model.flavor must say which network it is", model ? "model.name" : "model.flavor");
  std::vector<std::string> flavors;
  for (const Flavor& known : kFlavors) {
    if (known.model == *model && known.flavor == *flavor) return run.PutArchitecture(*KnownArchitecture(known.architecture), "model.flavor");
    if (known.model == *model) flavors.emplace_back(known.flavor);
  }
  const std::string_view key = flavors.empty() ? "model.name" : "model.flavor";
  run.Miss("parameter_count",
           absl::StrCat(std::string(key), " \"", flavors.empty() ? *model : *flavor, "\" is none whose network is known here (", flavors.empty() ? "llama3, qwen3" : absl::StrJoin(flavors, ", "),
                        "): add `# isoflop: architecture: {layer_count: ..., ...}`"),
           key);
}

// Sequences a step are a device's times this; nothing where the file does not tell.
std::optional<double> DataParallelDegree(FrameworkRun& run) {
  const auto degree = [&](const char* name) { return run.Number(absl::StrCat("parallelism.", name)).value_or(1); };
  const double shard = run.Number("parallelism.data_parallel_shard_degree").value_or(-1);
  if (shard > 0) return shard * degree("data_parallel_replicate_degree");
  const std::optional<double> gpu_count = run.SaidNumber("gpu_count");
  if (!gpu_count) return std::nullopt;
  return *gpu_count / (degree("tensor_parallel_degree") * degree("pipeline_parallel_degree") * degree("context_parallel_degree"));
}

void ReadBatch(FrameworkRun& run) {
  if (run.Says("batch_token_count") || run.Says("batch_sequence_count")) return;
  if (run.Number("training.global_batch_size").value_or(-1) > 0) {
    run.Take("batch_sequence_count", "training.global_batch_size");
    return;
  }
  const std::string_view key = run.FirstOf({"training.local_batch_size", "training.batch_size"});
  if (run.Find(key) == nullptr) return run.Miss("token_count", "training.global_batch_size or training.local_batch_size must be given");
  const std::optional<double> local = run.Number(key), degree = DataParallelDegree(run);
  if (!degree) {
    return run.Miss("token_count",
                    absl::StrCat(std::string(key), " is of one device: give training.global_batch_size, parallelism.data_parallel_shard_degree, or `# isoflop: hardware: {gpu_count: ...}`"), key);
  }
  if (local) run.Put("batch_sequence_count", *local * *degree, key);
}

void ReadSchedule(FrameworkRun& run) {
  run.Take("learning_rate", "optimizer.lr");
  run.Take("warm_up_step_count", "lr_scheduler.warmup_steps");
  const std::string type = run.Word("lr_scheduler.decay_type").value_or("linear");
  if (run.Find("lr_scheduler.decay_ratio") != nullptr) {
    run.PutWord("form", "warm_up_stable_decay", "lr_scheduler.decay_ratio");
  } else if (run.Find("lr_scheduler.decay_type") != nullptr && type != "sqrt") {
    run.PutWord("form", type, "lr_scheduler.decay_type");
  }
  run.Take("final_learning_rate_share", run.FirstOf({"lr_scheduler.min_lr_factor", "lr_scheduler.lr_min"}));
}

}  // namespace

void ReadTorchtitan(FrameworkRun& run) {
  if (run.Find("checkpoint.initial_load_path") != nullptr) {
    run.Refuse("checkpoint.initial_load_path", "checkpoint.initial_load_path must not be set: a law of training does not judge how a trained model goes on");
  }
  ReadNetwork(run);
  if (!run.Take("sequence_length", "training.seq_len")) run.Miss("sequence_length", "training.seq_len must be given");
  if (!run.Take("step_count", "training.steps")) run.Miss("step_count", "training.steps must be given");
  ReadBatch(run);
  ReadSchedule(run);
}

}  // namespace isoflop
