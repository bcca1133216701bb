#include "core/quantity/known_architecture.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

namespace isoflop {
namespace {

TEST(KnownArchitectureTest, NetworksCountThePublishedParametersOfTheirNames) {
  // The parameters of the released safetensors files on Hugging Face (the API's safetensors.total), less a tied head that a file holds twice; Pythia's by
  // their model cards. tests/core/architecture_test.cc has the sources of those that it counts too.
  const struct {
    std::string name;
    int64_t published;
  } models[] = {
      {"pythia-14m", 14067712},       {"pythia-31m", 30494720},        {"pythia-70m", 70426624},       {"pythia-160m", 162322944},
      {"pythia-410m", 405334016},     {"pythia-1b", 1011781632},       {"pythia-1.4b", 1414647808},    {"pythia-2.8b", 2775208960},
      {"pythia-6.9b", 6857302016},    {"pythia-12b", 11846072320},     {"open_llama_3b", 3426473600},  {"open_llama_7b", 6738415616},
      {"open_llama_13b", 13015864320}, {"Llama-2-7b-hf", 6738415616},  {"Llama-2-13b-hf", 13015864320}, {"Llama-2-70b-hf", 68976648192},
      {"Llama-3-8B", 8030261248},     {"Llama-3-70B", 70553706496},    {"Llama-3.1-8B", 8030261248},   {"Llama-3.1-70B", 70553706496},
      {"Llama-3.1-405B", 405853388800}, {"Llama-3.2-1B", 1235814400},  {"Llama-3.2-3B", 3212749824},   {"tiny-llama-1.1b", 1100048384},
      {"Mistral-7B-v0.1", 7241732096}, {"Mixtral-8x7B-v0.1", 46702792704}, {"OLMo-1B-hf", 1176764416},
      {"OLMo-7B-hf", 6888095744},     {"OLMo-2-1124-7B", 7298617344},  {"OLMo-2-1124-13B", 13716198400}, {"Gemma-2b", 2506172416},
      {"Gemma-7b", 8537680896},       {"Gemma-2-2b", 2614341888},      {"Gemma-2-9b", 9241705984},     {"Gemma-2-27b", 27227128320},
      {"Gemma-3-1b-it", 999885952},   {"Qwen2.5-0.5B", 494032768},     {"Qwen2.5-1.5B", 1543714304},   {"Qwen2.5-3B", 3085938688},
      {"Qwen2.5-7B", 7615616512},     {"Qwen2.5-14B", 14770033664},    {"Qwen2.5-32B", 32763876352},   {"Qwen2.5-72B", 72706203648},
      {"Qwen3-0.6B", 596049920},      {"Qwen3-1.7B", 1720574976},      {"Qwen3-4B", 4022468096},       {"Qwen3-8B", 8190735360},
      {"Qwen3-14B", 14768307200},     {"Qwen3-32B", 32762123264},      {"Qwen3-30B-A3B", 30532122624}, {"SmolLM2-135M", 134515008},
      {"SmolLM2-360M", 361821120},    {"SmolLM2-1.7B", 1711376384},
  };
  EXPECT_EQ(std::size(models) + 1, KnownArchitectureNames().size());
  // Known by its rounded size only.
  EXPECT_NEAR(CountParameters(*KnownArchitecture("micro-llama-300M"), ParameterConvention::kTotal).value(), 300e6, 5e6);
  for (const auto& model : models) {
    const auto architecture = KnownArchitecture(model.name);
    ASSERT_TRUE(architecture) << model.name;
    EXPECT_EQ(static_cast<int64_t>(CountParameters(*architecture, ParameterConvention::kTotal).value()), model.published) << model.name;
  }
}

TEST(KnownArchitectureTest, NoOtherNameIsGuessed) {
  EXPECT_FALSE(KnownArchitecture("pythia-1B"));
  EXPECT_FALSE(KnownArchitecture(""));
}

}  // namespace
}  // namespace isoflop
