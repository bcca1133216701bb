#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "plugin/document/forecasts_document.h"
#include "tests/plugin/testing/events.h"
#include "tests/plugin/testing/run_event_client.h"
#include "tests/plugin/testing/running_server.h"
#include "tests/testing/curves.h"

namespace isoflop {
namespace {

using nlohmann::json;

constexpr double kTokensAStep = 1e6;
constexpr int64_t kStart = 1'700'000'000'000;

// A metric of a run at the points of its curve up to a fraction of it, a second a step.
v1::RunEvent CurveEvent(const NamedRun& run, const char* key, const std::vector<double>& values, double fraction, double factor = 1) {
  v1::RunEvent event;
  event.set_run_id(run.name);
  auto& points = *event.mutable_metric_points();
  points.set_key(key);
  for (size_t i = 0; i < run.run.curve.steps.size() && run.run.curve.steps[i] <= fraction * run.run.step_count; ++i) {
    const auto step = static_cast<int64_t>(run.run.curve.steps[i] / kTokensAStep);
    points.add_steps(step);
    points.add_times_ms(kStart + 1000 * step);
    points.add_values(factor * values[i]);
  }
  return event;
}

// A run of the OLMo ladder up to a fraction of its way.
std::vector<v1::RunEvent> EventsOf(const NamedRun& run, double fraction, double factor = 1) {
  v1::RunEvent params = ParamsEvent(run.name, run.run.parameter_count, run.run.token_count);
  (*params.mutable_params_and_tags()->mutable_params())["max_steps"] = absl::StrCat(static_cast<int64_t>(run.run.step_count / kTokensAStep));
  std::vector<v1::RunEvent> events = {StartedEvent(run.name), std::move(params),
                                      CurveEvent(run, "learning_rate", run.run.curve.learning_rates, fraction),
                                      CurveEvent(run, "loss", run.run.curve.losses, fraction, factor)};
  if (fraction == 1) events.push_back(EndedEvent(run.name));
  return events;
}

class ForecastPagesTest : public ::testing::Test {
 protected:
  ForecastPagesTest() : client_(server_.channel()) {}

  // All runs of the ladder but those named, to their ends.
  void StoreLadderBut(const std::vector<std::string>& names) {
    std::vector<v1::RunEvent> events;
    for (const NamedRun& run : ladder_) {
      if (std::find(names.begin(), names.end(), run.name) != names.end()) continue;
      for (v1::RunEvent& event : EventsOf(run, 1)) events.push_back(std::move(event));
    }
    ASSERT_TRUE(client_.Store(events));
  }

  const NamedRun& Run(const std::string& name) {
    return *std::find_if(ladder_.begin(), ladder_.end(), [&](const NamedRun& run) { return run.name == name; });
  }

  v1::GetPageResponse Page(const std::string& tag = "") {
    v1::GetPageRequest request;
    request.set_study("studies/1");
    request.set_kind(v1::FORECASTS);
    request.set_if_none_match(tag);
    v1::GetPageResponse page;
    EXPECT_TRUE(Call(*server_.pages, &v1::PageService::Stub::GetPage, request, &page).ok());
    return page;
  }

  // The document once the law is one of so many runs. What is to be running has been stored before the last of them.
  json Await(int law_runs) {
    grpc::ClientContext context;
    v1::WatchFittedLawsRequest watched;
    watched.set_study("studies/1");
    const auto watch = server_.laws->WatchFittedLaws(&context, watched);
    v1::FittedLawChange change;
    int runs = 0;
    while (runs != law_runs && watch->Read(&change)) {
      v1::GetPageRequest request;
      request.set_study("studies/1");
      request.set_kind(v1::LAW);
      v1::GetPageResponse law;
      if (Call(*server_.pages, &v1::PageService::Stub::GetPage, request, &law).ok()) runs = json::parse(law.json()).value("observation_count", 0);
    }
    context.TryCancel();
    EXPECT_EQ(runs, law_runs);
    return json::parse(Page().json());
  }

  std::vector<NamedRun> ladder_ = OlmoLadder();
  RunningServer server_;
  RunEventClient client_;
};

TEST_F(ForecastPagesTest, SayHowAPublishedRunEndsFromHalfOfIt) {
  const NamedRun& run = Run("1B-5xC");
  ASSERT_TRUE(client_.Store(EventsOf(run, 0.5)));
  StoreLadderBut({run.name});
  const json document = Await(24);
  const json& said = document["forecasts"][0];
  EXPECT_EQ(said["run"], "1B-5xC");
  EXPECT_EQ(said["state"], "ON_LAW");
  EXPECT_EQ(said["method"], "RESIDUAL_CARRY");
  EXPECT_EQ(said["compared_run_count"], 24);
  EXPECT_EQ(said["interval"]["source"], "LEAVE_ONE_OUT");
  EXPECT_EQ(said["interval"]["count"], 24);
  EXPECT_NEAR(said["forecast"]["estimate"].get<double>(), run.run.final_loss, 0.003 * run.run.final_loss);
  EXPECT_LT(said["forecast"]["lower"].get<double>(), run.run.final_loss);
  EXPECT_GT(said["forecast"]["upper"].get<double>(), run.run.final_loss);
  EXPECT_NEAR(said["progress"].get<double>(), 0.5, 0.01);
  EXPECT_NEAR(said["remaining_flops"].get<double>() / (6 * run.run.parameter_count * run.run.token_count), 0.5, 0.01);
  EXPECT_NEAR(said["remaining_sec"].get<double>(), 0.5 * run.run.token_count / kTokensAStep, 0.01 * run.run.token_count / kTokensAStep);
  EXPECT_EQ(said["neighbour_run"]["run"], "760M-10xC");
  EXPECT_TRUE(said["cause"].is_null());
  EXPECT_EQ(document["stoppable"]["run_count"], 0);
  EXPECT_GT(document["smallest_visible_shift"].get<double>(), 0.005);
  EXPECT_LT(document["smallest_visible_shift"].get<double>(), 0.03);
}

TEST_F(ForecastPagesTest, TellOffBrokenAndEarlyRunsApartAndWhatStoppingFrees) {
  const double factor = 1.06;  // Far above the law from its first step.
  ASSERT_TRUE(client_.Store(EventsOf(Run("1B-5xC"), 0.5, factor)));
  ASSERT_TRUE(client_.Store(EventsOf(Run("760M-5xC"), 0.05)));
  ASSERT_TRUE(client_.Store(EventsOf(Run("370M-5xC"), 0.4)));
  ASSERT_TRUE(client_.Store({PointEvent("370M-5xC", 20000, std::numeric_limits<double>::quiet_NaN())}));
  v1::RunEvent params = ParamsEvent("unplanned", 2e8, 4e9);
  params.mutable_params_and_tags()->mutable_params()->erase("token_count");
  ASSERT_TRUE(client_.Store({StartedEvent("unplanned"), params, PointEvent("unplanned", 100, 5)}));
  StoreLadderBut({"1B-5xC", "760M-5xC", "370M-5xC"});
  const json document = Await(22);
  ASSERT_EQ(document["forecasts"].size(), 4u);
  std::vector<std::string> states;
  for (const json& said : document["forecasts"]) states.push_back(said["state"]);
  EXPECT_THAT(states, ::testing::ElementsAre("DIVERGED", "ABOVE", "TOO_EARLY", "LENGTH_UNKNOWN"));
  EXPECT_EQ(document["broken_count"], 1);
  EXPECT_EQ(document["off_law_count"], 1);
  const json& above = document["forecasts"][1];
  // As much of it as this ladder's runs keep from half of the way on, at least.
  EXPECT_GT(above["shift"]["estimate"].get<double>(), 0.6 * (factor - 1));
  EXPECT_GT(above["shift"]["lower"].get<double>(), 0.02);
  EXPECT_TRUE(document["forecasts"][0]["forecast"].is_null());
  EXPECT_TRUE(document["forecasts"][2]["forecast"].is_null());
  EXPECT_FALSE(document["forecasts"][2]["law_loss"].is_null()) << "the law speaks before the run does";
  EXPECT_EQ(document["stoppable"]["run_count"], 2);
  EXPECT_NEAR(document["stoppable"]["remaining_flops"].get<double>(),
              document["forecasts"][0]["remaining_flops"].get<double>() + above["remaining_flops"].get<double>(), 1e15);
}

TEST_F(ForecastPagesTest, NameRunsWhoseScheduleIsCut) {
  // One under way has made its steps with its rate at four tenths of the peak; one has ended at half of its steps.
  NamedRun cut = Run("1B-5xC");
  const double half = cut.run.curve.learning_rates[cut.run.curve.steps.size() / 2];
  for (double& rate : cut.run.curve.learning_rates) rate = std::max(rate, half);
  ASSERT_TRUE(client_.Store(EventsOf(cut, 0.99)));
  std::vector<v1::RunEvent> ended = EventsOf(Run("760M-5xC"), 0.5);
  ended.push_back(EndedEvent("760M-5xC"));
  ASSERT_TRUE(client_.Store(ended));
  StoreLadderBut({cut.name, "760M-5xC"});
  const json document = Await(24);
  const json& said = document["forecasts"][0];
  EXPECT_EQ(said["state"], "UNFINISHED");
  EXPECT_EQ(said["cause"]["code"], "SCHEDULE");
  const double peak = *std::max_element(cut.run.curve.learning_rates.begin(), cut.run.curve.learning_rates.end());
  EXPECT_NEAR(said["cause"]["ratio"].get<double>(), half / peak, 1e-4);
  EXPECT_EQ(document["unfinished_count"], 1);
  EXPECT_EQ(document["unfinished"][0]["run"], "760M-5xC");
  EXPECT_NEAR(document["unfinished"][0]["completed_step_share"].get<double>(), 0.5, 0.01);
}

TEST_F(ForecastPagesTest, AreOfTheDearestOfVeryManyRuns) {
  std::vector<v1::RunEvent> events;
  constexpr int kMore = 3;
  for (int i = 0; i < static_cast<int>(kMostForecasts) + kMore; ++i) {
    const std::string name = absl::StrCat("run-", i);
    events.push_back(StartedEvent(name));
    events.push_back(ParamsEvent(name, 1e8 * (1 + i), 2e9));  // The first ones are the cheapest.
    events.push_back(PointEvent(name, 100, 5));
  }
  ASSERT_TRUE(client_.Store(events));
  StoreLadderBut({});
  const json document = Await(25);
  EXPECT_EQ(document["running_count"], kMostForecasts + kMore);
  EXPECT_EQ(document["left_out_count"], kMore);
  EXPECT_NEAR(document["left_out_flops"].get<double>(), 6 * 1e8 * kMore * 2e9, 1e13);
  for (const json& said : document["forecasts"]) EXPECT_GT(said["parameter_count"].get<double>(), 1e8 * kMore);
}

TEST_F(ForecastPagesTest, StayAsTheyAreUntilARunLogsMore) {
  const NamedRun& run = Run("1B-5xC");
  ASSERT_TRUE(client_.Store(EventsOf(run, 0.5)));
  StoreLadderBut({run.name});
  Await(24);
  const v1::GetPageResponse before = Page();
  EXPECT_TRUE(Page(before.entity_tag()).not_modified());
  ASSERT_TRUE(client_.Store(EventsOf(run, 0.6)));
  const v1::GetPageResponse after = Page(before.entity_tag());
  EXPECT_FALSE(after.not_modified());
  EXPECT_NEAR(json::parse(after.json())["forecasts"][0]["progress"].get<double>(), 0.6, 0.01);
}

TEST_F(ForecastPagesTest, ListFinishedRunsOffTheLaw) {
  ASSERT_TRUE(client_.Store(EventsOf(Run("760M-2xC"), 1, 1.05)));
  StoreLadderBut({"760M-2xC"});
  const json document = Await(25);
  ASSERT_FALSE(document["off_law"].empty());
  EXPECT_EQ(document["off_law"][0]["run"], "760M-2xC");
  EXPECT_EQ(document["off_law"][0]["severity"], "WARNING");
  EXPECT_NEAR(document["off_law"][0]["shift"].get<double>(), std::log(1.05), 0.015);
}

TEST_F(ForecastPagesTest, KeepWhatWasSaidAndScoreItWhenTheRunHasEnded) {
  const NamedRun& run = Run("760M-2xC");
  ASSERT_TRUE(client_.Store(EventsOf(run, 0.32)));
  StoreLadderBut({run.name});
  const json first = Await(24);
  EXPECT_TRUE(first["calibration"].is_null()) << "no truth has come";
  const double said = first["forecasts"][0]["forecast"]["estimate"];
  ASSERT_TRUE(client_.Store(EventsOf(run, 0.38)));
  Page();  // In the same tenth of its way: the first stands.
  ASSERT_TRUE(client_.Store(EventsOf(run, 0.55)));
  Page();
  ASSERT_TRUE(client_.Store(EventsOf(run, 1)));
  const json calibration = Await(25)["calibration"];
  EXPECT_EQ(calibration["count"], 2);
  EXPECT_EQ(calibration["held_share"], 1);
  const json& point = calibration["points"][0];
  EXPECT_EQ(point["run"], run.name);
  EXPECT_EQ(point["method"], "RESIDUAL_CARRY");
  EXPECT_NEAR(point["progress"].get<double>(), 0.32, 0.02);
  EXPECT_NEAR(point["forecast"].get<double>(), said, 1e-5);
  EXPECT_NEAR(point["loss"].get<double>(), run.run.final_loss, 1e-4);
  const double mean = (std::abs(point["z"].get<double>()) + std::abs(calibration["points"][1]["z"].get<double>())) / 2;
  EXPECT_NEAR(calibration["mean_absolute_z"].get<double>(), mean, 1e-4);
}

}  // namespace
}  // namespace isoflop
