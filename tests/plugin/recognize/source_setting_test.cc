#include "plugin/recognize/source_setting.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "plugin/recognize/recognize.h"
#include "tests/testing/status_matchers.h"

namespace isoflop {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

RunRecord Finished(const std::string& id, std::map<std::string, std::string> params, std::map<std::string, double> metrics) {
  RunRecord run{.run_id = id, .run_name = id, .status = RunStatus::kFinished, .params = std::move(params)};
  for (const auto& [key, value] : metrics) run.metrics[key] = {.step = 10, .value = value};
  return run;
}

MappingSettings Settings(const std::map<std::string, std::string>& values) {
  MappingSettings settings;
  for (const auto& [name, value] : values) settings.insert(ParseSourceSetting(std::string(kMappingPrefix) + name, value).value());
  return settings;
}

const QuantitySource* Find(const RecognizedStudy& study, const std::string& quantity) {
  for (const QuantitySource& source : study.mapping) {
    if (source.quantity == quantity) return &source;
  }
  return nullptr;
}

TEST(ParseSourceSettingTest, ReadsKindNameAndUnit) {
  const auto parse = [](const std::string& name, const std::string& value) {
    return ParseSourceSetting("isoflop.mapping." + name, value).value();
  };
  const auto [loss, eval] = parse("loss_nats_per_token", " eval/loss ");
  EXPECT_EQ(loss, Quantity::kLoss);
  EXPECT_EQ(eval.key, "eval/loss");
  EXPECT_FALSE(eval.kind.has_value());
  EXPECT_EQ(eval.unit, 1);
  const auto [count, size] = parse("active_parameter_count", "param:size * 1e9");
  EXPECT_EQ(count, Quantity::kParameterCount);
  EXPECT_EQ(size.kind, SourceKind::kParam);
  EXPECT_EQ(size.key, "size");
  EXPECT_EQ(size.unit, 1e9);
  EXPECT_EQ(size.convention, ParameterConvention::kActive);
  EXPECT_EQ(parse("training_flops", "throughput/total petaflops").second.unit, 1e15);  // A known name.
  EXPECT_TRUE(parse("token_count", "none").second.nowhere);
}

TEST(ParseSourceSettingTest, SaysWhatIsWrong) {
  const std::tuple<std::string, std::string, std::string> cases[] = {
      {"loss", "eval/loss", "names no quantity: loss is none of"},
      {"", "x", "names no quantity"},
      {"token_count", "", "must name a metric, param or tag"},
      {"token_count", "seen * -2", "must be a positive number, got \"-2\""},
      {"token_count", "seen * many", "must be a positive number, got \"many\""},
      {"token_count", "seen * inf", "must be a positive number"},
      {"loss_nats_per_token", "param:loss", "must be read from a metric, got a param"},
      {"token_count", std::string(2000, 'x'), "at most 1024 bytes, got 2000"},
  };
  for (const auto& [name, value, words] : cases) {
    EXPECT_THAT(ParseSourceSetting("isoflop.mapping." + name, value), StatusIs(absl::StatusCode::kInvalidArgument, words));
  }
}

TEST(MappingSettingsTest, ReadNamesThatNobodyKnows) {
  const std::vector<RunRecord> runs = {Finished("a", {{"size", "2"}}, {{"seen", 30}, {"quality", 2.5}})};
  EXPECT_THAT(RecognizeStudy(runs).missing, SizeIs(3));
  const RecognizedStudy study = RecognizeStudy(
      runs, 0, Settings({{"parameter_count", "size * 1e9"}, {"token_count", "metric:seen * 1e9"}, {"loss_nats_per_token", "quality"}}));
  EXPECT_THAT(study.missing, IsEmpty());
  EXPECT_THAT(study.setting_issues, IsEmpty());
  ASSERT_THAT(study.observations, SizeIs(1));
  EXPECT_EQ(study.observations[0].parameter_count, 2e9);
  EXPECT_EQ(study.observations[0].token_count, 3e10);
  EXPECT_EQ(study.observations[0].loss_nats_per_token, 2.5);
  EXPECT_THAT(Find(study, "loss_nats_per_token")->reason, HasSubstr("set by hand; in 1 of 1 finished runs"));
}

TEST(MappingSettingsTest, OutrankWhatWouldBeGuessedAndTakeItsNameAway) {
  const std::vector<RunRecord> runs = {
      Finished("a", {{"n_params", "1e9"}, {"tokens", "2e10"}}, {{"eval/loss", 2.5}, {"train/loss", 2.6}, {"total_flos", 1.2e20}})};
  EXPECT_EQ(Find(RecognizeStudy(runs), "loss_nats_per_token")->key, "eval/loss");
  const RecognizedStudy study = RecognizeStudy(runs, 0, Settings({{"loss_nats_per_token", "train/loss"}, {"training_flops", "none"}}));
  EXPECT_EQ(study.observations.at(0).loss_nats_per_token, 2.6);
  EXPECT_EQ(Find(study, "training_flops")->kind, "derived");
  // What one quantity is set to is no candidate for another.
  EXPECT_THAT(RecognizeStudy(runs, 0, Settings({{"unique_token_count", "tokens"}, {"training_flops", "none"}})).missing,
              testing::Contains("token_count"));
}

TEST(MappingSettingsTest, OneOfANameThatNoRunHasIsAnIssueAndLeavesTheGuess) {
  const std::vector<RunRecord> runs = {Finished("a", {{"n_params", "1e9"}, {"tokens", "2e10"}}, {{"loss", 2.5}})};
  const RecognizedStudy study = RecognizeStudy(runs, 0, Settings({{"loss_nats_per_token", "metric:los"}}));
  EXPECT_EQ(study.observations.at(0).loss_nats_per_token, 2.5);
  ASSERT_THAT(study.setting_issues, SizeIs(1));
  EXPECT_EQ(study.setting_issues[0].name, "isoflop.mapping.loss_nats_per_token");
  EXPECT_EQ(study.setting_issues[0].reason, "none of 1 finished runs has metric `los`");
}

}  // namespace
}  // namespace isoflop
