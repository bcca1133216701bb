#include "core/quantity/architecture.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/testing/status_matchers.h"

namespace isoflop {
namespace {

using absl::StatusCode;
using enum ParameterConvention;

Architecture Gpt2(double layer_count, double model_width, double head_count) {
  return {.layer_count = layer_count,
          .model_width = model_width,
          .head_count = head_count,
          .vocabulary_size = 50257,
          .tied_embeddings = true,
          .learned_position_count = 1024,
          .query_key_value_biases = true,
          .attention_output_bias = true,
          .feed_forward_biases = true,
          .norm = Norm::kLayer};
}

Architecture Pythia(double layer_count, double model_width, double head_count, double vocabulary_size) {
  Architecture architecture = Gpt2(layer_count, model_width, head_count);
  architecture.vocabulary_size = vocabulary_size;
  architecture.tied_embeddings = false;
  architecture.learned_position_count = 0;
  return architecture;
}

// Layers, width, heads, key-value heads, feed-forward width, vocabulary: SwiGLU and RMSNorm without biases.
Architecture Llama(double layers, double width, double heads, double key_value_heads, double feed_forward, double vocabulary) {
  return {.layer_count = layers,
          .model_width = width,
          .head_count = heads,
          .key_value_head_count = key_value_heads,
          .feed_forward_width = feed_forward,
          .gated_feed_forward = true,
          .vocabulary_size = vocabulary};
}

Architecture Mixtral() {
  Architecture architecture = Llama(32, 4096, 32, 8, 14336, 32000);
  architecture.expert_count = 8;
  architecture.active_expert_count = 2;
  return architecture;
}

Architecture Olmo2(Architecture architecture) {
  architecture.query_key_norm = QueryKeyNorm::kAllHeads;
  return architecture;
}

Architecture Qwen2(Architecture architecture, bool tied) {
  architecture.tied_embeddings = tied;
  architecture.query_key_value_biases = true;
  return architecture;
}

Architecture Qwen2Half() { return Qwen2(Llama(24, 896, 14, 2, 4864, 151936), true); }

Architecture Qwen3(Architecture architecture, bool tied) {
  architecture.head_width = 128;
  architecture.query_key_norm = QueryKeyNorm::kPerHead;
  architecture.tied_embeddings = tied;
  return architecture;
}

Architecture Qwen3Experts() {
  Architecture architecture = Qwen3(Llama(48, 2048, 32, 4, 768, 151936), false);
  architecture.expert_count = 128;
  architecture.active_expert_count = 8;
  return architecture;
}

Architecture Gemma(Architecture architecture, double head_width, bool post_norms, QueryKeyNorm query_key_norm) {
  architecture.head_width = head_width;
  architecture.tied_embeddings = true;
  architecture.post_norms = post_norms;
  architecture.query_key_norm = query_key_norm;
  return architecture;
}

TEST(CountParametersTest, EqualsThePublishedCountsOfReleasedModels) {
  // Shapes from each model's public config.json. Sources of the counts: "file of R", the parameters of repository R's released safetensors
  // files on Hugging Face (the API's safetensors.total, or the index's total_size over the bytes of a weight); "card of R", the table of R's
  // model card; "preset P", what KerasHub states for its preset P. Llama 2's files also hold 64 rotary frequencies a layer, which are no
  // parameters; the files of GPT-2 (causal masks) and of Qwen3 0.6B (its tied head a second time) are left aside for the presets.
  const struct {
    std::string model, source;
    Architecture architecture;
    ParameterConvention convention;
    double published;
  } models[] = {
      {"GPT-2 small", "preset gpt2_base_en", Gpt2(12, 768, 12), kTotal, 124439808},
      {"GPT-2 medium", "preset gpt2_medium_en", Gpt2(24, 1024, 16), kTotal, 354823168},
      {"GPT-2 large", "preset gpt2_large_en", Gpt2(36, 1280, 20), kTotal, 774030080},
      {"GPT-2 XL", "preset gpt2_extra_large_en", Gpt2(48, 1600, 25), kTotal, 1557611200},
      {"Pythia 70M", "card of EleutherAI/pythia-70m", Pythia(6, 512, 8, 50304), kTotal, 70426624},
      {"Pythia 70M", "card of EleutherAI/pythia-70m", Pythia(6, 512, 8, 50304), kNonEmbedding, 18915328},
      {"Pythia 160M", "card of EleutherAI/pythia-160m", Pythia(12, 768, 12, 50304), kTotal, 162322944},
      {"Pythia 160M", "card of EleutherAI/pythia-160m", Pythia(12, 768, 12, 50304), kNonEmbedding, 85056000},
      {"Pythia 410M", "card of EleutherAI/pythia-410m", Pythia(24, 1024, 16, 50304), kTotal, 405334016},
      {"Pythia 410M", "card of EleutherAI/pythia-410m", Pythia(24, 1024, 16, 50304), kNonEmbedding, 302311424},
      {"Pythia 1B", "card of EleutherAI/pythia-1b", Pythia(16, 2048, 8, 50304), kTotal, 1011781632},
      {"Pythia 1B", "card of EleutherAI/pythia-1b", Pythia(16, 2048, 8, 50304), kNonEmbedding, 805736448},
      {"Pythia 1.4B", "card of EleutherAI/pythia-1.4b", Pythia(24, 2048, 16, 50304), kTotal, 1414647808},
      {"Pythia 1.4B", "card of EleutherAI/pythia-1.4b", Pythia(24, 2048, 16, 50304), kNonEmbedding, 1208602624},
      {"Pythia 2.8B", "card of EleutherAI/pythia-2.8b", Pythia(32, 2560, 32, 50304), kTotal, 2775208960},
      {"Pythia 2.8B", "card of EleutherAI/pythia-2.8b", Pythia(32, 2560, 32, 50304), kNonEmbedding, 2517652480},
      {"Pythia 6.9B", "card of EleutherAI/pythia-6.9b", Pythia(32, 4096, 32, 50432), kTotal, 6857302016},
      {"Pythia 6.9B", "card of EleutherAI/pythia-6.9b", Pythia(32, 4096, 32, 50432), kNonEmbedding, 6444163072},
      {"Pythia 12B", "card of EleutherAI/pythia-12b", Pythia(36, 5120, 40, 50688), kTotal, 11846072320},
      {"Pythia 12B", "card of EleutherAI/pythia-12b", Pythia(36, 5120, 40, 50688), kNonEmbedding, 11327027200},
      {"Llama 2 7B", "file of meta-llama/Llama-2-7b-hf", Llama(32, 4096, 32, 32, 11008, 32000), kTotal, 6738417664 - 32 * 64},
      {"Llama 2 13B", "file of meta-llama/Llama-2-13b-hf", Llama(40, 5120, 40, 40, 13824, 32000), kTotal, 13015866880 - 40 * 64},
      {"Llama 2 70B", "file of meta-llama/Llama-2-70b-hf", Llama(80, 8192, 64, 8, 28672, 32000), kTotal, 68976653312 - 80 * 64},
      {"Llama 3 8B", "preset llama3_8b_en", Llama(32, 4096, 32, 8, 14336, 128256), kTotal, 8030261248},
      {"Llama 3 70B", "file of NousResearch/Meta-Llama-3-70B", Llama(80, 8192, 64, 8, 28672, 128256), kTotal, 70553706496},
      {"Llama 3.1 405B", "file of meta-llama/Llama-3.1-405B", Llama(126, 16384, 128, 8, 53248, 128256), kTotal, 405853388800},
      {"Mistral 7B", "file of mistralai/Mistral-7B-v0.1", Llama(32, 4096, 32, 8, 14336, 32000), kTotal, 7241732096},
      {"Mixtral 8x7B", "preset mixtral_8_7b_en", Mixtral(), kTotal, 46702792704},
      {"OLMo 2 7B", "file of allenai/OLMo-2-1124-7B", Olmo2(Llama(32, 4096, 32, 32, 11008, 100352)), kTotal, 7298617344},
      {"OLMo 2 13B", "file of allenai/OLMo-2-1124-13B", Olmo2(Llama(40, 5120, 40, 40, 13824, 100352)), kTotal, 13716198400},
      {"Qwen2.5 0.5B", "preset qwen2.5_0.5b_en", Qwen2(Llama(24, 896, 14, 2, 4864, 151936), true), kTotal, 494032768},
      {"Qwen2.5 1.5B", "file of Qwen/Qwen2.5-1.5B-Instruct", Qwen2(Llama(28, 1536, 12, 2, 8960, 151936), true), kTotal, 1543714304},
      {"Qwen2.5 3B", "file of Qwen/Qwen2.5-3B-Instruct", Qwen2(Llama(36, 2048, 16, 2, 11008, 151936), true), kTotal, 3085938688},
      {"Qwen2.5 7B", "file of Qwen/Qwen2.5-7B-Instruct", Qwen2(Llama(28, 3584, 28, 4, 18944, 152064), false), kTotal, 7615616512},
      {"Qwen2.5 14B", "file of Qwen/Qwen2.5-14B", Qwen2(Llama(48, 5120, 40, 8, 13824, 152064), false), kTotal, 14770033664},
      {"Qwen2.5 32B", "preset qwen2.5_instruct_32b_en", Qwen2(Llama(64, 5120, 40, 8, 27648, 152064), false), kTotal, 32763876352},
      {"Qwen2.5 72B", "file of Qwen/Qwen2.5-72B-Instruct", Qwen2(Llama(80, 8192, 64, 8, 29568, 152064), false), kTotal, 72706203648},
      {"Qwen3 0.6B", "preset qwen3_0.6b_en", Qwen3(Llama(28, 1024, 16, 8, 3072, 151936), true), kTotal, 596049920},
      {"Qwen3 8B", "file of Qwen/Qwen3-8B", Qwen3(Llama(36, 4096, 32, 8, 12288, 151936), false), kTotal, 8190735360},
      {"Qwen3 30B-A3B", "file of Qwen/Qwen3-30B-A3B", Qwen3Experts(), kTotal, 30532122624},
      {"Gemma 7B", "preset gemma_7b_en", Gemma(Llama(28, 3072, 16, 16, 24576, 256000), 256, false, QueryKeyNorm::kNone), kTotal, 8537680896},
      {"Gemma 2 2B", "preset gemma2_2b_en", Gemma(Llama(26, 2304, 8, 4, 9216, 256000), 256, true, QueryKeyNorm::kNone), kTotal, 2614341888},
      {"Gemma 2 9B", "preset gemma2_9b_en", Gemma(Llama(42, 3584, 16, 8, 14336, 256000), 256, true, QueryKeyNorm::kNone), kTotal, 9241705984},
      {"Gemma 2 27B", "preset gemma2_27b_en", Gemma(Llama(46, 4608, 32, 16, 36864, 256000), 128, true, QueryKeyNorm::kNone), kTotal, 27227128320},
      {"Gemma 3 1B", "preset gemma3_1b", Gemma(Llama(26, 1152, 4, 1, 6912, 262144), 256, true, QueryKeyNorm::kPerHead), kTotal, 999885952},
  };
  for (const auto& model : models) {
    const auto count = CountParameters(model.architecture, model.convention);
    ASSERT_THAT(count, IsOk()) << model.model;
    EXPECT_EQ(static_cast<int64_t>(*count), static_cast<int64_t>(model.published)) << model.model << ", " << model.source;
  }
}

TEST(CountParametersTest, EqualsTheSizesOfChinchillasModelsToThePublishedMillion) {
  // arXiv 2203.15556, table A9: M parameters, width, head width, heads, layers; vocabulary 32000, feed-forward 4 wide, tied.
  const struct {
    double millions, model_width, head_width, head_count, layer_count;
  } rows[] = {{44, 512, 64, 8, 8},        {57, 576, 64, 9, 9},          {74, 640, 64, 10, 10},        {106, 640, 64, 10, 16},
              {117, 768, 64, 12, 12},     {163, 768, 64, 12, 18},       {175, 896, 64, 14, 14},       {251, 1024, 64, 16, 16},
              {306, 1024, 64, 16, 20},    {425, 1280, 128, 10, 18},     {552, 1280, 128, 10, 24},     {816, 1536, 128, 12, 25},
              {1143, 1792, 128, 14, 26},  {1593, 2048, 128, 16, 28},    {2298, 2560, 128, 20, 26},    {6796, 3584, 128, 28, 40},
              {9293, 4096, 128, 32, 42},  {12569, 4608, 128, 36, 45},   {16183, 5120, 128, 40, 47}};
  for (const auto& row : rows) {
    const Architecture model{.layer_count = row.layer_count,
                             .model_width = row.model_width,
                             .head_count = row.head_count,
                             .head_width = row.head_width,
                             .vocabulary_size = 32000,
                             .tied_embeddings = true,
                             .relative_position_projections = true};
    EXPECT_NEAR(CountParameters(model, kTotal).value() / 1e6, row.millions, 1e-3 * row.millions + 1) << row.millions;
  }
}

TEST(CountParametersTest, CountsOnlyThePassedExpertsAsActive) {
  // 12.9 B of Mixtral's parameters, by its paper (arXiv 2401.04088); 3.3 B of Qwen3 30B-A3B's, by its model card.
  EXPECT_NEAR(CountParameters(Mixtral(), kActive).value(), 12.9e9, 0.05e9);
  EXPECT_EQ(CountParameters(Mixtral(), kActive).value(), 46702792704 - 32.0 * 6 * 3 * 4096 * 14336);  // Without 6 experts of 8 a layer.
  EXPECT_NEAR(CountParameters(Qwen3Experts(), kActive).value(), 3.3e9, 0.06e9);
  const Architecture dense = Llama(32, 4096, 32, 8, 14336, 32000);
  EXPECT_EQ(CountParameters(dense, kActive).value(), CountParameters(dense, kTotal).value());
}

TEST(CountParametersTest, AddsASharedExpertToTotalAndActiveAlike) {
  Architecture shared = Mixtral();
  shared.shared_expert_count = 1;
  const double expert = 32.0 * 3 * 4096 * 14336;  // Layers times SwiGLU's three matrices.
  for (ParameterConvention convention : {kTotal, kActive}) {
    EXPECT_EQ(CountParameters(shared, convention).value() - CountParameters(Mixtral(), convention).value(), expert);
  }
}

TEST(CountParametersTest, KeepsTheHeadWithoutInputEmbeddingWhetherOrNotItIsTied) {
  Architecture tied = Qwen2Half(), untied = Qwen2Half();
  untied.tied_embeddings = false;
  EXPECT_EQ(CountParameters(tied, kWithoutInputEmbedding).value(), CountParameters(tied, kTotal).value());
  EXPECT_EQ(CountParameters(untied, kWithoutInputEmbedding).value(), CountParameters(tied, kTotal).value());
  const Architecture gpt = Gpt2(12, 768, 12);
  EXPECT_EQ(CountParameters(gpt, kTotal).value() - CountParameters(gpt, kWithoutInputEmbedding).value(), 1024 * 768);
}

TEST(CountParametersTest, IsTwelveLayersTimesWidthSquaredForABareTransformer) {
  // Kaplan et al. 2020: N = 12 n_layer d_model^2 without biases and norms.
  const Architecture bare{.layer_count = 24, .model_width = 1024, .norm = Norm::kNone};
  EXPECT_EQ(CountParameters(bare, kNonEmbedding).value(), 12.0 * 24 * 1024 * 1024);
}

TEST(CountParametersTest, NamesTheFieldThatBreaksARule) {
  const auto refused = [](Architecture a, const std::string& message) {
    EXPECT_THAT(CountParameters(a, kTotal), StatusIs(StatusCode::kInvalidArgument, message));
  };
  const Architecture good = Llama(32, 4096, 32, 8, 14336, 32000);
  Architecture bad = good;
  bad.layer_count = 0;
  refused(bad, "layer_count must be given");
  bad = good;
  bad.model_width = 4096.5;
  refused(bad, "model_width must be a whole number from 0 to 1e9, got 4096.5");
  bad = good;
  bad.key_value_head_count = 7;
  refused(bad, "key_value_head_count must divide head_count, got 7");
  bad = good;
  bad.head_count = 33;
  bad.key_value_head_count = 0;
  refused(bad, "head_count must divide model_width");
  bad = good;
  bad.vocabulary_size = 0;
  refused(bad, "vocabulary_size must be given");
  EXPECT_THAT(CountParameters(bad, kNonEmbedding), IsOk());
  bad = Mixtral();
  bad.active_expert_count = 9;
  refused(bad, "active_expert_count must be from 1 to expert_count, got 9");
}

}  // namespace
}  // namespace isoflop
