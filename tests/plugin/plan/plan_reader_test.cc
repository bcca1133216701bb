#include "plugin/plan/plan_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace isoflop {
namespace {

using std::chrono::January;
using testing::ElementsAre;
using testing::IsEmpty;

std::vector<PlannedRun> Runs(const std::string& text) {
  PlanReading reading = ReadPlan(text, "plans/7b.yaml");
  for (const PlanProblem& problem : reading.problems) ADD_FAILURE() << ProblemText(problem);
  return std::move(reading.runs);
}

TEST(ReadPlanTest, OneRunWithEveryKindOfField) {
  const auto runs = Runs(R"(
study: pretraining
architecture:
  layer_count: 32
  model_width: 4096
  head_count: 32
  feed_forward_width: 11008
  gated_feed_forward: true
  vocabulary_size: 32000
parameter_count: 7B
step_count: 500_000
batch_sequence_count: 1024
sequence_length: 4096
learning_rate: 3e-4
schedule: {form: cosine, warm_up_step_count: 2K, final_learning_rate_share: .1}
hardware: {gpu_count: 512, gpu_flops_per_sec: 989e12, utilisation: .4, gpu_price_per_hour: 2.5}
start_date: 2027-01-01
deadline_date: 2027-01-31
served_token_count: 1T
waive:
- {code: EXTRAPOLATION, reason: the ladder ends at 1 B, until: 2027-01-31}
)");
  ASSERT_EQ(runs.size(), 1u);
  const PlannedRun& run = runs[0];
  EXPECT_EQ(run.name, "7b");
  EXPECT_EQ(ParameterCountIn(run, ParameterConvention::kTotal), 6738415616);  // Llama 2 7B: Touvron et al. 2023 (arXiv:2307.09288), the released weights.
  EXPECT_EQ(run.batch_token_count, 1024.0 * 4096);
  EXPECT_EQ(run.token_count, 500e3 * 1024 * 4096);
  EXPECT_EQ(run.warm_up_step_count, 2000);
  EXPECT_EQ(run.schedule, ScheduleForm::kCosine);
  EXPECT_EQ(run.cost_model.days, 31);
  EXPECT_EQ(run.cost_model.served_token_count, 1e12);
  ASSERT_EQ(run.waivers.size(), 1u);
  EXPECT_EQ(run.waivers[0].until, January / 31 / 2027);
  EXPECT_EQ(PlaceText(SourceOf(run, "learning_rate").place), "plans/7b.yaml:14:1");
  EXPECT_EQ(SourceOf(run, "token_count").key, "step_count");
  EXPECT_TRUE(SourceOf(run, "token_count").derived);
}

TEST(ReadPlanTest, CountsTheParametersOfReleasedModelsFromTheirArchitectures) {
  const auto runs = Runs(R"(
token_count: 1T
runs:
- name: GPT-2 small
  architecture: {layer_count: 12, model_width: 768, head_count: 12, vocabulary_size: 50257, tied_embeddings: true, learned_position_count: 1024,
                 norm: layer, query_key_value_biases: true, attention_output_bias: true, feed_forward_biases: true}
- name: Mixtral 8x7B
  architecture: {layer_count: 32, model_width: 4096, head_count: 32, key_value_head_count: 8, feed_forward_width: 14336,
                 gated_feed_forward: true, vocabulary_size: 32000, expert_count: 8, active_expert_count: 2}
- name: Gemma 2 2B
  architecture: {layer_count: 26, model_width: 2304, head_count: 8, key_value_head_count: 4, head_width: 256, feed_forward_width: 9216,
                 gated_feed_forward: true, vocabulary_size: 256000, tied_embeddings: true, post_norms: true}
- name: OLMo 2 7B
  architecture: {layer_count: 32, model_width: 4096, head_count: 32, feed_forward_width: 11008, gated_feed_forward: true,
                 vocabulary_size: 100352, query_key_norm: all_heads}
- name: Qwen3 0.6B
  architecture: {layer_count: 28, model_width: 1024, head_count: 16, key_value_head_count: 8, head_width: 128, feed_forward_width: 3072,
                 gated_feed_forward: true, vocabulary_size: 151936, tied_embeddings: true, query_key_norm: per_head}
)");
  std::vector<int64_t> counts;
  for (const PlannedRun& run : runs) counts.push_back(static_cast<int64_t>(ParameterCountIn(run, ParameterConvention::kTotal).value_or(0)));
  // Sources: tests/core/architecture_test.cc.
  EXPECT_THAT(counts, ElementsAre(124439808, 46702792704, 2614341888, 7298617344, 596049920));
}

TEST(ReadPlanTest, WhatStandsAtTheTopIsEveryRunsUnlessItHasItsOwn) {
  const auto runs = Runs("learning_rate: 3e-4\nhardware: {gpu_count: 8}\nruns:\n- {name: a, parameter_count: 1B, token_count: 20B}\n"
                         "- {parameter_count: 3B, token_count: 60B, learning_rate: 2e-4, hardware: {gpu_count: 64}}\n");
  ASSERT_EQ(runs.size(), 2u);
  EXPECT_EQ(runs[0].learning_rate, 3e-4);
  EXPECT_EQ(runs[1].learning_rate, 2e-4);
  EXPECT_EQ(runs[0].cost_model.gpu_count, 8);
  EXPECT_EQ(runs[1].cost_model.gpu_count, 64);
  EXPECT_EQ(runs[1].name, "7b-2");
}

TEST(ReadPlanTest, ASweepIsEveryCombination) {
  std::vector<std::string> names;
  std::vector<double> flops;
  for (const PlannedRun& run : Runs("sweep:\n  parameter_count: [1B, 3B]\n  token_count: [20B, 60B]\n")) {
    names.push_back(run.name);
    flops.push_back(*TrainingFlopsOf(run, ParameterConvention::kTotal));
  }
  EXPECT_THAT(names, ElementsAre("7b-1B-20B", "7b-1B-60B", "7b-3B-20B", "7b-3B-60B"));
  EXPECT_THAT(flops, ElementsAre(6 * 1e9 * 20e9, 6 * 1e9 * 60e9, 6 * 3e9 * 20e9, 6 * 3e9 * 60e9));
}

TEST(ReadPlanTest, ANameOfASizeMayBeRoundAndJsonIsAPlanToo) {
  const auto runs = Runs(R"([{"name": "small", "parameter_count": 1.24e8, "token_count": 2.5e9,
                            "architecture": {"layer_count": 12, "model_width": 768, "vocabulary_size": 50257, "tied_embeddings": true}}])");
  ASSERT_EQ(runs.size(), 1u);
  EXPECT_EQ(runs[0].parameter_count, 1.24e8);
  EXPECT_EQ(ParameterCountIn(runs[0], ParameterConvention::kTotal), 123551232);
}

}  // namespace
}  // namespace isoflop
