#include "plugin/recognize/study_recognizer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace isoflop {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

// One line a fact, so that two outcomes differ where their texts do.
std::string Describe(const RecognizedStudy& study) {
  std::string text;
  const auto say = [&](const auto&... parts) {
    ((text += parts, text += ' '), ...);
    text += '\n';
  };
  for (const Observation& o : study.observations) {
    std::string values;
    for (const Quantity quantity : kAllQuantities) values += std::to_string(ValueOf(o, quantity).value_or(-1)) + " ";
    say(o.run_id, o.run_name, values);
  }
  for (const Exclusion& e : study.excluded) say(e.run_id, e.run_name, e.reason, std::to_string(e.point_count));
  for (const QuantitySource& s : study.mapping) say(s.quantity, s.kind, s.key, s.reason);
  for (const std::string& quantity : study.missing) say("missing", quantity);
  say(std::to_string(static_cast<int>(study.convention)), std::to_string(study.running_count));
  return text;
}

// Runs as various as trackers have them: several names of each quantity, under each kind, good, bad and missing.
class RunMaker {
 public:
  explicit RunMaker(uint64_t seed) : generator_(seed) {}

  size_t Draw(size_t count) { return std::uniform_int_distribution<size_t>(0, count - 1)(generator_); }

  RunRecord Make(const std::string& run_id) {
    RunRecord run{.run_id = run_id, .run_name = "name " + std::to_string(Draw(3))};
    constexpr RunStatus kStatuses[] = {RunStatus::kFinished, RunStatus::kFinished,  RunStatus::kFinished,
                                       RunStatus::kRunning,  RunStatus::kScheduled, RunStatus::kFailed,
                                       RunStatus::kKilled,   RunStatus::kUnspecified};
    run.status = kStatuses[Draw(8)];
    run.deleted = Draw(8) == 0;
    const std::vector<std::string> names = {"parameter_count", "n_params",    "non_embedding_params", "tokens",
                                            "token_count",     "total_flops", "N",                    "width"};
    const std::vector<std::string> values = {"1e9", "2e9", "-1", "7B", "nan"};
    for (const std::string& name : names) {
      if (Draw(3) == 0) run.params[name] = values[Draw(5) * Draw(2)];
      if (Draw(6) == 0) run.tags[name] = values[Draw(5) * Draw(2)];
    }
    for (const char* name : {"loss", "val_loss", "eval/loss", "total_tokens", "total_flos", "accuracy"}) {
      if (Draw(2) == 0) continue;
      run.metrics[name] = {.value = Draw(8) == 0 ? NAN : 1.0 + static_cast<double>(Draw(3)),
                           .repeated_step_count = static_cast<int64_t>(Draw(4) / 3)};
    }
    return run;
  }

 private:
  std::mt19937_64 generator_;
};

TEST(StudyRecognizerTest, AnySequenceOfChangesComesToTheSameAsRecognisingTheRunsThatStand) {
  for (uint64_t seed = 0; seed < 40; ++seed) {
    RunMaker maker(seed);
    StudyRecognizer recognizer;
    std::map<std::string, RunRecord> standing;
    for (int step = 0; step < 60; ++step) {
      for (size_t changes = 1 + maker.Draw(3); changes > 0; --changes) {
        const std::string run_id = std::to_string(maker.Draw(1 + seed));  // Up to 40 runs, few for the first seeds.
        if (maker.Draw(4) == 0) {
          recognizer.Erase(run_id);
          standing.erase(run_id);
        } else {
          standing[run_id] = maker.Make(run_id);
          recognizer.Set(standing[run_id]);
        }
      }
      std::vector<RunRecord> runs;
      for (const auto& [run_id, run] : standing) runs.push_back(run);
      ASSERT_EQ(Describe(recognizer.Recognize()), Describe(RecognizeStudy(runs))) << "seed " << seed << " step " << step;
    }
  }
}

TEST(StudyRecognizerTest, AnotherMappingComesToTheSameAsRecognisingTheRunsWithIt) {
  const std::pair<std::string, std::string> tags[] = {{"isoflop.mapping.loss_nats_per_token", "accuracy"},
                                                      {"isoflop.mapping.token_count", "param:width * 1e9"},
                                                      {"isoflop.mapping.training_flops", "none"},
                                                      {"isoflop.mapping.non_embedding_parameter_count", "n_params"},
                                                      {"isoflop.mapping.parameter_count", "no such name"}};
  for (uint64_t seed = 0; seed < 40; ++seed) {
    RunMaker maker(seed);
    std::vector<RunRecord> runs;
    for (size_t i = 0; i < 30; ++i) runs.push_back(maker.Make(std::to_string(i)));
    StudyRecognizer recognizer;
    for (int step = 0; step < 6; ++step) {
      MappingSettings settings;
      for (const auto& [name, value] : tags) {
        if (maker.Draw(2) == 0) settings.insert(ParseSourceSetting(name, value).value());
      }
      recognizer.SetMapping(settings);
      for (const RunRecord& run : runs) recognizer.Set(run);
      ASSERT_EQ(Describe(recognizer.Recognize()), Describe(RecognizeStudy(runs, 0, settings))) << "seed " << seed << " step " << step;
    }
  }
}

TEST(StudyRecognizerTest, ChangesLeadFromTheSettledObservationsToThoseOfNow) {
  for (uint64_t seed = 0; seed < 40; ++seed) {
    RunMaker maker(seed);
    StudyRecognizer recognizer;
    std::map<std::string, double> settled;  // Loss by run: the contents of these runs differ in it or in N.
    for (int step = 0; step < 60; ++step) {
      const std::string run_id = std::to_string(maker.Draw(12));
      if (maker.Draw(4) == 0) {
        recognizer.Erase(run_id);
      } else {
        RunRecord run = maker.Make(run_id);
        run.metrics["loss"].value = 1.0 + step;  // Never the same twice.
        recognizer.Set(std::move(run));
      }
      const RecognizedStudy study = recognizer.Recognize();
      if (maker.Draw(3) != 0) continue;
      for (const ObservationChange& change : recognizer.Changes()) {
        ASSERT_EQ(change.before.has_value(), settled.contains(change.run_id));
        settled.erase(change.run_id);
        if (change.after.has_value()) settled[change.run_id] = *change.after->loss_nats_per_token;
      }
      recognizer.Settle();
      ASSERT_THAT(recognizer.Changes(), IsEmpty());
      std::map<std::string, double> now;
      for (const Observation& o : study.observations) now[o.run_id] = *o.loss_nats_per_token;
      ASSERT_EQ(settled, now);
    }
  }
}

TEST(StudyRecognizerTest, ARunThatComesBackAsItWasIsNoChange) {
  RunRecord run{.run_id = "a", .status = RunStatus::kFinished, .params = {{"params", "1e9"}, {"tokens", "1e10"}}};
  run.metrics["loss"] = {.value = 3};
  StudyRecognizer recognizer;
  recognizer.Set(run);
  recognizer.Recognize();
  EXPECT_THAT(recognizer.Changes(), SizeIs(1));
  recognizer.Settle();
  run.deleted = true;
  recognizer.Set(run);
  recognizer.Recognize();
  EXPECT_THAT(recognizer.Changes(), SizeIs(1));
  run.deleted = false;
  recognizer.Set(run);
  recognizer.Recognize();
  EXPECT_THAT(recognizer.Changes(), IsEmpty());
}

}  // namespace
}  // namespace isoflop
