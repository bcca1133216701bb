#include "plugin/recognize/recognize.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "plugin/recognize/quantity_names.h"
#include "plugin/recognize/usable_value.h"

namespace isoflop {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

RunRecord Finished(const std::string& id, std::map<std::string, std::string> params, std::map<std::string, double> metrics) {
  RunRecord run{.run_id = id, .run_name = "name of " + id, .status = RunStatus::kFinished, .params = std::move(params)};
  for (const auto& [key, value] : metrics) run.metrics[key] = {.step = 10, .value = value};
  return run;
}

std::string SourceOf(const RecognizedStudy& study, const std::string& quantity) {
  for (const QuantitySource& source : study.mapping) {
    if (source.quantity == quantity) return source.kind + " " + source.key;
  }
  return "";
}

TEST(RecognizeStudyTest, ReadsWhatFrameworksLog) {
  // Names of OLMo (throughput/total_tokens, train/CrossEntropyLoss), of Hugging Face's Trainer (total_flos, eval_loss) and of OLMo-core.
  const struct {
    std::map<std::string, std::string> params;
    std::map<std::string, double> metrics;
    double n, d, c, loss;
  } kCases[] = {
      {{{"n_params", "1e9"}}, {{"throughput/total_tokens", 2e10}, {"train/CrossEntropyLoss", 2.5}}, 1e9, 2e10, NAN, 2.5},
      {{{"parameter_count", "5e8"}}, {{"total_flos", 6e19}, {"eval_loss", 3}, {"train_loss", 4}}, 5e8, 2e10, 6e19, 3},
      {{{"num_params", "2e9"}}, {{"throughput/total tokens", 4e10}, {"throughput/total petaflops", 4.8e5}, {"train/CE loss", 2.2}}, 2e9, 4e10, 4.8e20, 2.2},
  };
  for (const auto& c : kCases) {
    const RecognizedStudy study = RecognizeStudy({Finished("a", c.params, c.metrics)});
    ASSERT_THAT(study.observations, SizeIs(1));
    EXPECT_NEAR(*study.observations[0].parameter_count / c.n, 1, 1e-12);
    EXPECT_NEAR(*study.observations[0].token_count / c.d, 1, 1e-12);
    EXPECT_EQ(study.observations[0].loss_nats_per_token, c.loss);
    if (std::isnan(c.c)) {
      EXPECT_FALSE(study.observations[0].training_flops.has_value());
    } else {
      EXPECT_NEAR(*study.observations[0].training_flops / c.c, 1, 1e-12);
    }
  }
}

TEST(RecognizeStudyTest, LeavesOutRunsThatAPersonMarked) {
  std::vector<RunRecord> runs;
  for (const char* value : {"true", "wrong tokenizer", "false", ""}) {
    runs.push_back(Finished(value, {{"n_params", "1e9"}, {"tokens", "2e10"}}, {{"loss", 2.5}}));
    runs.back().tags["isoflop.exclude"] = value;
  }
  const RecognizedStudy study = RecognizeStudy(runs);
  EXPECT_THAT(study.observations, SizeIs(2));
  ASSERT_THAT(study.excluded, SizeIs(2));
  EXPECT_EQ(study.excluded[0].reason, "excluded by hand");
  EXPECT_EQ(study.excluded[1].reason, "excluded by hand: wrong tokenizer");
}

TEST(RecognizeStudyTest, ReadsWhatSomeLawsNeedBesidesWithoutLeavingRunsOut) {
  const std::map<std::string, std::string> sizes = {{"n_params", "1e9"}, {"tokens", "2e10"}};
  std::map<std::string, std::string> full = sizes;
  full.insert({{"unique_tokens", "5e9"}, {"max_steps", "40000"}, {"tokens_per_batch", "5e5"}, {"learning_rate", "3e-4"}});
  std::map<std::string, std::string> odd = full;
  odd["max_steps"] = "-1";  // As Hugging Face's Trainer says "by epochs".
  odd["learning_rate"] = "cosine";
  const RecognizedStudy study = RecognizeStudy({Finished("a", full, {{"loss", 2.5}, {"learning_rate", 1e-9}}),
                                                Finished("b", odd, {{"loss", 2.6}}), Finished("c", sizes, {{"loss", 2.7}})});
  ASSERT_THAT(study.observations, SizeIs(3));
  EXPECT_EQ(study.observations[0].unique_token_count, 5e9);
  EXPECT_EQ(study.observations[0].step_count, 40000);
  EXPECT_EQ(study.observations[0].batch_token_count, 5e5);
  EXPECT_EQ(study.observations[0].learning_rate, 3e-4) << "the peak, not the last rate";
  EXPECT_FALSE(study.observations[1].step_count.has_value());
  EXPECT_FALSE(study.observations[1].learning_rate.has_value());
  EXPECT_FALSE(study.observations[2].unique_token_count.has_value());
  EXPECT_THAT(study.excluded, IsEmpty());
  EXPECT_THAT(study.missing, IsEmpty());
  EXPECT_EQ(SourceOf(study, "learning_rate"), "param learning_rate");
}

TEST(RecognizeStudyTest, NeverMixesTwoLossesInOneStudy) {
  std::vector<RunRecord> runs;
  for (int i = 0; i < 8; ++i) runs.push_back(Finished("both" + std::to_string(i), {{"params", "1e9"}, {"tokens", "1e10"}}, {{"loss", 3}, {"val_loss", 3.1}}));
  runs.push_back(Finished("train_only", {{"params", "1e9"}, {"tokens", "1e10"}}, {{"loss", 3}}));
  const RecognizedStudy study = RecognizeStudy(runs);
  EXPECT_EQ(SourceOf(study, "loss_nats_per_token"), "metric val_loss");
  EXPECT_THAT(study.observations, SizeIs(8));
  ASSERT_THAT(study.excluded, SizeIs(1));
  EXPECT_EQ(study.excluded[0].run_id, "train_only");
  EXPECT_THAT(study.excluded[0].reason, HasSubstr("`val_loss` was not logged"));
}

TEST(RecognizeStudyTest, ANameThatFewRunsHaveDoesNotDisplaceTheCommonOne) {
  std::vector<RunRecord> runs;
  for (int i = 0; i < 8; ++i) runs.push_back(Finished("r" + std::to_string(i), {{"params", "1e9"}, {"tokens", "1e10"}}, {{"loss", 3}}));
  runs[0].metrics["val_loss"] = {.value = 2.9};
  EXPECT_EQ(SourceOf(RecognizeStudy(runs), "loss_nats_per_token"), "metric loss");
}

TEST(RecognizeStudyTest, ListsEveryUnusableLossWithItsReason) {
  const std::map<std::string, std::string> params = {{"params", "1e9"}, {"tokens", "1e10"}};
  const struct {
    double loss;
    const char* reason;
  } kCases[] = {{NAN, "is not a number"}, {1.7976931348623157e308, "is infinite"}, {0, "must be positive"}, {-2, "must be positive, got -2"}};
  for (const auto& c : kCases) {
    const RecognizedStudy study = RecognizeStudy({Finished("bad", params, {{"loss", c.loss}})});
    EXPECT_THAT(study.observations, IsEmpty());
    ASSERT_THAT(study.excluded, SizeIs(1));
    EXPECT_THAT(study.excluded[0].reason, HasSubstr(c.reason));
  }
}

TEST(RecognizeStudyTest, UsesOnlyRunsThatFinishedAndSaysWhyOthersAreLeftOut) {
  std::vector<RunRecord> runs;
  for (RunStatus status : {RunStatus::kFinished, RunStatus::kRunning, RunStatus::kFailed, RunStatus::kKilled, RunStatus::kScheduled}) {
    runs.push_back(Finished(std::to_string(static_cast<int>(status)), {{"params", "1e9"}, {"tokens", "1e10"}}, {{"loss", 3}}));
    runs.back().status = status;
  }
  runs.push_back(Finished("deleted", {{"params", "1e9"}, {"tokens", "1e10"}}, {{"loss", 3}}));
  runs.back().deleted = true;
  const RecognizedStudy study = RecognizeStudy(runs);
  EXPECT_THAT(study.observations, SizeIs(1));
  EXPECT_EQ(study.running_count, 2);
  std::vector<std::string> reasons;
  for (const Exclusion& exclusion : study.excluded) reasons.push_back(exclusion.reason);
  EXPECT_THAT(reasons, ElementsAre("ended as FAILED", "ended as KILLED"));
}

TEST(RecognizeStudyTest, ARunningRunThatWentQuietIsStaleUntilItGoesOn) {
  constexpr int64_t kHour = 3'600'000, kHeard = 1'700'000'000'000;
  RunRecord quick = Finished("quick", {{"params", "1e9"}, {"tokens", "1e10"}}, {{"loss", 3}});
  quick.status = RunStatus::kRunning;
  quick.heard_time_ms = kHeard;
  // A point a minute, but for one metric that is seldom logged; the training machine's clock is years behind.
  quick.metrics["loss"] = {.value = 3, .point_count = 61, .least_time_ms = 5, .greatest_time_ms = 5 + kHour};
  quick.metrics["checkpoint"] = {.value = 3, .point_count = 2, .least_time_ms = 5, .greatest_time_ms = 5 + kHour};
  RunRecord slow = quick;
  slow.run_id = "slow";  // A point every two hours.
  slow.metrics = {{"loss", {.value = 3, .point_count = 11, .least_time_ms = 0, .greatest_time_ms = 20 * kHour}}};
  RunRecord silent = quick;
  silent.run_id = "silent";  // It has logged nothing yet.
  silent.metrics.clear();
  const auto stale = [&](int64_t now_ms) {
    const RecognizedStudy study = RecognizeStudy({quick, slow, silent}, now_ms);
    EXPECT_EQ(study.running_count + study.stale_count, 3);
    std::vector<std::string> runs;
    for (const Exclusion& exclusion : study.excluded) {
      EXPECT_EQ(exclusion.reason, "stale: RUNNING in the tracker, but nothing was heard of it since 2023-11-14T22:13:20Z");
      runs.push_back(exclusion.run_id);
    }
    return runs;
  };
  EXPECT_THAT(stale(kHeard + 6 * kHour - 1), IsEmpty());
  EXPECT_THAT(stale(kHeard + 6 * kHour), ElementsAre("quick", "silent"));
  EXPECT_THAT(stale(kHeard + 20 * kHour - 1), ElementsAre("quick", "silent"));
  EXPECT_THAT(stale(kHeard + 20 * kHour), ElementsAre("quick", "silent", "slow"));
  EXPECT_THAT(stale(kHeard - 9 * kHour), IsEmpty());  // The clock was put back.
  quick.heard_time_ms = kHeard + 20 * kHour;  // It goes on.
  EXPECT_THAT(stale(kHeard + 20 * kHour), ElementsAre("silent", "slow"));
  quick.status = RunStatus::kFinished;
  EXPECT_THAT(RecognizeStudy({quick}, kHeard + 90 * kHour).observations, SizeIs(1));
}

TEST(RecognizeStudyTest, CountsPointsThatAreNotUsedBesideARunThatIs) {
  RunRecord run = Finished("a", {{"params", "1e9"}, {"tokens", "1e10"}}, {{"loss", 3}});
  run.metrics["loss"].repeated_step_count = 4;
  run.metrics["loss"].not_finite_count = 2;
  const RecognizedStudy study = RecognizeStudy({run});
  EXPECT_THAT(study.observations, SizeIs(1));
  ASSERT_THAT(study.excluded, SizeIs(2));
  EXPECT_EQ(study.excluded[0].point_count, 4);
  EXPECT_EQ(study.excluded[1].point_count, 2);
}

TEST(RecognizeStudyTest, NamesWhatIsMissing) {
  const RecognizedStudy study = RecognizeStudy({Finished("a", {{"width", "1024"}}, {{"accuracy", 0.7}, {"loss", 3}})});
  EXPECT_THAT(study.missing, ElementsAre("parameter_count", "token_count"));
  EXPECT_THAT(study.excluded, SizeIs(1));
}

TEST(RecognizeStudyTest, RefusesAParameterThatIsNoNumber) {
  const RecognizedStudy study = RecognizeStudy({Finished("a", {{"params", "7B"}, {"tokens", "1e10"}}, {{"loss", 3}})});
  ASSERT_THAT(study.excluded, SizeIs(1));
  EXPECT_THAT(study.excluded[0].reason, HasSubstr("param `params` is not a number: \"7B\""));
}

TEST(RecognizeStudyTest, ReadsTheConventionFromTheName) {
  const RecognizedStudy study = RecognizeStudy({Finished("a", {{"non_embedding_params", "1e9"}, {"tokens", "1e10"}}, {{"loss", 3}})});
  EXPECT_EQ(study.convention, ParameterConvention::kNonEmbedding);
}

TEST(NormalizeNameTest, CollapsesCaseAndSeparators) {
  EXPECT_EQ(NormalizeName("throughput/total tokens"), "throughput_total_tokens");
  EXPECT_EQ(NormalizeName("optim/LR (group 0)"), "optim_lr_group_0");
  EXPECT_EQ(NormalizeName("mfu(%)"), "mfu");
}

TEST(ParseNumberTest, TakesWholeNumbersOnly) {
  EXPECT_EQ(ParseNumber(" 7e9 ").value(), 7e9);
  EXPECT_EQ(ParseNumber("+5").value(), 5);
  for (const char* bad : {"", "7B", "1,000", "0x10", "1e999", "seven", "1 2"}) EXPECT_FALSE(ParseNumber(bad).ok()) << bad;
}

}  // namespace
}  // namespace isoflop
