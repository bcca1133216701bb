#include "core/quantity/known_architecture.h"

#include <algorithm>
#include <iterator>

namespace isoflop {
namespace {

enum class Family { kNeoX, kLlama, kQwen2, kQwen3, kOlmo, kOlmo2, kGemma2, kGemma3 };
using enum Family;

struct Row {
  std::string_view name;
  Family family;
  double layer_count, model_width, head_count, key_value_head_count, head_width, feed_forward_width, vocabulary_size, sequence_length;
  bool tied_embeddings;
  double expert_count = 0, active_expert_count = 0;
};

constexpr Row kRows[] = {
    {"pythia-14m", kNeoX, 6, 128, 4, 4, 32, 512, 50304, 512, false},
    {"pythia-31m", kNeoX, 6, 256, 8, 8, 32, 1024, 50304, 1024, false},
    {"pythia-70m", kNeoX, 6, 512, 8, 8, 64, 2048, 50304, 2048, false},
    {"pythia-160m", kNeoX, 12, 768, 12, 12, 64, 3072, 50304, 2048, false},
    {"pythia-410m", kNeoX, 24, 1024, 16, 16, 64, 4096, 50304, 2048, false},
    {"pythia-1b", kNeoX, 16, 2048, 8, 8, 256, 8192, 50304, 2048, false},
    {"pythia-1.4b", kNeoX, 24, 2048, 16, 16, 128, 8192, 50304, 2048, false},
    {"pythia-2.8b", kNeoX, 32, 2560, 32, 32, 80, 10240, 50304, 2048, false},
    {"pythia-6.9b", kNeoX, 32, 4096, 32, 32, 128, 16384, 50432, 2048, false},
    {"pythia-12b", kNeoX, 36, 5120, 40, 40, 128, 20480, 50688, 2048, false},
    {"open_llama_3b", kLlama, 26, 3200, 32, 32, 100, 8640, 32000, 2048, false},
    {"open_llama_7b", kLlama, 32, 4096, 32, 32, 128, 11008, 32000, 2048, false},
    {"open_llama_13b", kLlama, 40, 5120, 40, 40, 128, 13824, 32000, 2048, false},
    {"Llama-2-7b-hf", kLlama, 32, 4096, 32, 32, 128, 11008, 32000, 4096, false},
    {"Llama-2-13b-hf", kLlama, 40, 5120, 40, 40, 128, 13824, 32000, 4096, false},
    {"Llama-2-70b-hf", kLlama, 80, 8192, 64, 8, 128, 28672, 32000, 4096, false},
    {"Llama-3-8B", kLlama, 32, 4096, 32, 8, 128, 14336, 128256, 8192, false},
    {"Llama-3-70B", kLlama, 80, 8192, 64, 8, 128, 28672, 128256, 8192, false},
    {"Llama-3.1-8B", kLlama, 32, 4096, 32, 8, 128, 14336, 128256, 131072, false},
    {"Llama-3.1-70B", kLlama, 80, 8192, 64, 8, 128, 28672, 128256, 131072, false},
    {"Llama-3.1-405B", kLlama, 126, 16384, 128, 8, 128, 53248, 128256, 131072, false},
    {"Llama-3.2-1B", kLlama, 16, 2048, 32, 8, 64, 8192, 128256, 131072, true},
    {"Llama-3.2-3B", kLlama, 28, 3072, 24, 8, 128, 8192, 128256, 131072, true},
    {"tiny-llama-1.1b", kLlama, 22, 2048, 32, 4, 64, 5632, 32000, 2048, false},
    {"micro-llama-300M", kLlama, 12, 1024, 16, 4, 64, 5632, 32000, 2048, false},
    {"Mistral-7B-v0.1", kLlama, 32, 4096, 32, 8, 128, 14336, 32000, 4096, false},
    {"Mixtral-8x7B-v0.1", kLlama, 32, 4096, 32, 8, 128, 14336, 32000, 32768, false, 8, 2},
    {"OLMo-1B-hf", kOlmo, 16, 2048, 16, 16, 128, 8192, 50304, 2048, true},
    {"OLMo-7B-hf", kOlmo, 32, 4096, 32, 32, 128, 11008, 50304, 2048, false},
    {"OLMo-2-1124-7B", kOlmo2, 32, 4096, 32, 32, 128, 11008, 100352, 4096, false},
    {"OLMo-2-1124-13B", kOlmo2, 40, 5120, 40, 40, 128, 13824, 100352, 4096, false},
    {"Gemma-2b", kLlama, 18, 2048, 8, 1, 256, 16384, 256000, 4096, true},
    {"Gemma-7b", kLlama, 28, 3072, 16, 16, 256, 24576, 256000, 4096, true},
    {"Gemma-2-2b", kGemma2, 26, 2304, 8, 4, 256, 9216, 256000, 8192, true},
    {"Gemma-2-9b", kGemma2, 42, 3584, 16, 8, 256, 14336, 256000, 8192, true},
    {"Gemma-2-27b", kGemma2, 46, 4608, 32, 16, 128, 36864, 256000, 8192, true},
    {"Gemma-3-1b-it", kGemma3, 26, 1152, 4, 1, 256, 6912, 262144, 131072, true},
    {"Qwen2.5-0.5B", kQwen2, 24, 896, 14, 2, 64, 4864, 151936, 32768, true},
    {"Qwen2.5-1.5B", kQwen2, 28, 1536, 12, 2, 128, 8960, 151936, 131072, true},
    {"Qwen2.5-3B", kQwen2, 36, 2048, 16, 2, 128, 11008, 151936, 32768, true},
    {"Qwen2.5-7B", kQwen2, 28, 3584, 28, 4, 128, 18944, 152064, 131072, false},
    {"Qwen2.5-14B", kQwen2, 48, 5120, 40, 8, 128, 13824, 152064, 131072, false},
    {"Qwen2.5-32B", kQwen2, 64, 5120, 40, 8, 128, 27648, 152064, 131072, false},
    {"Qwen2.5-72B", kQwen2, 80, 8192, 64, 8, 128, 29568, 152064, 131072, false},
    {"Qwen3-0.6B", kQwen3, 28, 1024, 16, 8, 128, 3072, 151936, 40960, true},
    {"Qwen3-1.7B", kQwen3, 28, 2048, 16, 8, 128, 6144, 151936, 40960, true},
    {"Qwen3-4B", kQwen3, 36, 2560, 32, 8, 128, 9728, 151936, 40960, true},
    {"Qwen3-8B", kQwen3, 36, 4096, 32, 8, 128, 12288, 151936, 40960, false},
    {"Qwen3-14B", kQwen3, 40, 5120, 40, 8, 128, 17408, 151936, 40960, false},
    {"Qwen3-32B", kQwen3, 64, 5120, 64, 8, 128, 25600, 151936, 40960, false},
    {"Qwen3-30B-A3B", kQwen3, 48, 2048, 32, 4, 128, 768, 151936, 40960, false, 128, 8},
    {"SmolLM2-135M", kLlama, 30, 576, 9, 3, 64, 1536, 49152, 8192, true},
    {"SmolLM2-360M", kLlama, 32, 960, 15, 5, 64, 2560, 49152, 8192, true},
    {"SmolLM2-1.7B", kLlama, 24, 2048, 32, 32, 64, 8192, 49152, 8192, true},
};

Architecture ArchitectureOf(const Row& row) {
  return {.layer_count = row.layer_count,
          .model_width = row.model_width,
          .head_count = row.head_count,
          .key_value_head_count = row.key_value_head_count,
          .head_width = row.head_width,
          .feed_forward_width = row.feed_forward_width,
          .gated_feed_forward = row.family != kNeoX,
          .vocabulary_size = row.vocabulary_size,
          .tied_embeddings = row.tied_embeddings,
          .sequence_length = row.sequence_length,
          .query_key_value_biases = row.family == kNeoX || row.family == kQwen2,
          .attention_output_bias = row.family == kNeoX,
          .feed_forward_biases = row.family == kNeoX,
          .norm = row.family == kNeoX ? Norm::kLayer : row.family == kOlmo ? Norm::kNone : Norm::kRms,
          .post_norms = row.family == kGemma2 || row.family == kGemma3,
          .query_key_norm = row.family == kQwen3 || row.family == kGemma3 ? QueryKeyNorm::kPerHead
                            : row.family == kOlmo2                        ? QueryKeyNorm::kAllHeads
                                                                          : QueryKeyNorm::kNone,
          .expert_count = row.expert_count,
          .active_expert_count = row.active_expert_count};
}

}  // namespace

std::optional<Architecture> KnownArchitecture(std::string_view name) {
  const Row* const row = std::find_if(std::begin(kRows), std::end(kRows), [name](const Row& one) { return one.name == name; });
  if (row == std::end(kRows)) return std::nullopt;
  return ArchitectureOf(*row);
}

std::vector<std::string_view> KnownArchitectureNames() {
  std::vector<std::string_view> names;
  for (const Row& row : kRows) names.push_back(row.name);
  return names;
}

}  // namespace isoflop
