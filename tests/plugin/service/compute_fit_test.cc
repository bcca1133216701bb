// Any law and approach, computed by a real server for a client that asks.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <chrono>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_format.h"
#include "core/fit/approach.h"
#include "core/fit/isoflop.h"
#include "core/quantity/training_flops.h"
#include "plugin/document/documents.h"
#include "tests/plugin/testing/events.h"
#include "tests/plugin/testing/stored_study.h"

namespace isoflop {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Sizes, tokens and losses of whole runs, and the events that store them.
struct Sweep {
  std::vector<Observation> observations;
  std::vector<v1::RunEvent> events;

  void Add(double n, double d, double loss, const std::map<std::string, std::string>& params = {}) {
    const std::string run_id = absl::StrCat("run ", observations.size());
    v1::RunEvent described = ParamsEvent(run_id, n, d);
    described.mutable_params_and_tags()->mutable_params()->insert(params.begin(), params.end());
    for (const v1::RunEvent& event : {StartedEvent(run_id), described, PointEvent(run_id, 10, loss), EndedEvent(run_id)}) events.push_back(event);
    const auto stored = [](double value) { return std::stod(absl::StrCat(value)); };  // Parameters are text of six digits.
    observations.push_back({.parameter_count = stored(n), .token_count = stored(d), .loss_nats_per_token = loss, .run_id = run_id});
  }
};

double LossOf(double n, double d) { return 1.8172 + 482.01 / std::pow(n, 0.3478) + 2085.43 / std::pow(d, 0.3658); }

// Seven sizes at each of four budgets.
Sweep BudgetSweep() {
  Sweep sweep;
  for (double flops : {1e18, 1e19, 1e20, 1e21}) {
    for (double factor : {0.2, 0.35, 0.6, 1.0, 1.7, 3.0, 5.0}) {
      const double n = factor * std::sqrt(flops / 120);
      sweep.Add(n, TokenCountForBudget(flops, n), LossOf(n, TokenCountForBudget(flops, n)));
    }
  }
  return sweep;
}

// A grid of runs of 1, 4 and 12 epochs whose repeats fade (R_D = 5), every second of which logs its batch.
Sweep EpochSweep() {
  Sweep sweep;
  int i = 0;
  for (double n : {5e7, 2e8, 8e8, 3.2e9}) {
    for (double ratio : {3., 8., 20., 50., 120.}) {
      const double epochs = std::vector<double>{1, 4, 12}[i++ % 3], unique = ratio * n / epochs;
      const double worth = unique * (1 + 5 * (1 - std::exp(-(epochs - 1) / 5)));
      sweep.Add(n, ratio * n, LossOf(n, worth), {{"unique_tokens", absl::StrCat(unique)}, {i % 2 == 0 ? "batch_tokens" : "note", "5e5"}});
      sweep.observations.back().unique_token_count = std::stod(absl::StrCat(unique));
      if (i % 2 == 0) sweep.observations.back().batch_token_count = 5e5;
    }
  }
  return sweep;
}

constexpr int64_t kLastStep = 1023;

void AddPoint(int64_t step, double value, v1::MetricPoints& points) {
  points.add_steps(step);
  points.add_times_ms(1'700'000'000'000 + step);
  points.add_values(value);
}

// Curves of ten sizes, of every step from 16 to kLastStep, and the points of them that the service should read: of each octave 16, the last of
// steps that share a sixteenth of it. All others are wrong, some far too low. D at a step is either logged, at every third step, and C at the
// end with it; or D grows evenly and is known at the end.
Sweep CurveSweep(bool logs_tokens) {
  Sweep sweep;
  std::vector<v1::RunEvent> ends;
  for (int size = 0; size < 10; ++size) {
    const double n = std::round(2e7 * std::pow(1.5, size)), step_tokens = std::round(n / 4), end = step_tokens * (kLastStep + 5), flops = 7 * n * end;
    const std::string run_id = absl::StrCat("curve ", size);
    v1::RunEvent described, losses, seen;
    for (v1::RunEvent* event : {&described, &losses, &seen}) event->set_run_id(run_id);
    losses.mutable_metric_points()->set_key("loss");
    seen.mutable_metric_points()->set_key("tokens_seen");
    auto& params = *described.mutable_params_and_tags()->mutable_params();
    params["parameter_count"] = absl::StrFormat("%.17g", n);
    params[logs_tokens ? "training_flops" : "token_count"] = absl::StrFormat("%.17g", logs_tokens ? flops : end);
    for (int64_t step = 16; step <= kLastStep; ++step) {
      const double d = logs_tokens ? step_tokens * static_cast<double>(step + 5) : end * static_cast<double>(step) / kLastStep;
      const bool read = (step + 1) % static_cast<int64_t>(std::bit_floor(static_cast<uint64_t>(step)) / 16) == 0;
      const double loss = LossOf(n, d) * (read ? 1 : step % 7 == 0 ? 0.5 : 1.1);
      AddPoint(step, loss, *losses.mutable_metric_points());
      if (step % 3 == 0) AddPoint(step, d, *seen.mutable_metric_points());
      if (!read || (logs_tokens && step < 18)) continue;
      sweep.observations.push_back({.parameter_count = n, .token_count = d, .loss_nats_per_token = loss, .run_group = run_id});
      if (logs_tokens) sweep.observations.back().training_flops = flops * (d / end);
    }
    for (const v1::RunEvent& event : {StartedEvent(run_id), described, losses}) sweep.events.push_back(event);
    if (logs_tokens) sweep.events.push_back(seen);
    ends.push_back(EndedEvent(run_id));
  }
  sweep.events.insert(sweep.events.end(), ends.begin(), ends.end());
  return sweep;
}

class ComputeFitTest : public ::testing::Test {
 protected:
  grpc::Status Ask(const v1::ComputeFitRequest& request) {
    response_.Clear();
    return Call(*server_.laws, &v1::FittedLawService::Stub::ComputeFit, request, &response_);
  }

  static v1::ComputeFitRequest Request(const std::string& law, const std::string& approach = "") {
    v1::ComputeFitRequest request;
    request.set_study("studies/1");
    request.set_law(law);
    request.set_approach(approach);
    request.set_replica_count(30);
    return request;
  }

  // R_N is held, as few sizes of EpochSweep are past what its tokens want.
  static v1::ComputeFitRequest DataConstrainedRequest() {
    v1::ComputeFitRequest request = Request("data_constrained");
    (*request.mutable_fixed())["R_N"] = 5;
    return request;
  }

  // Minutes of work on EpochSweep.
  static v1::ComputeFitRequest SlowRequest() {
    v1::ComputeFitRequest request = DataConstrainedRequest();
    request.set_replica_count(10'000);
    return request;
  }

  RunningServer server_;
  v1::ComputeFitResponse response_;
};

TEST_F(ComputeFitTest, AnswersWhatTheCommandLineComputesForTheSameRuns) {
  const Sweep sweep = BudgetSweep();
  StoreStudy(server_, sweep.events, 1);
  v1::ComputeFitRequest request = Request("kaplan_nd");
  request.set_loss_function("squared");
  request.set_seed(7);
  (*request.mutable_fixed())["alpha_D"] = 0.1;
  (*request.mutable_bounds())["alpha_N"].set_lower(0.01);
  (*request.mutable_bounds())["alpha_N"].set_upper(0.9);
  ASSERT_TRUE(Ask(request).ok());
  const Fit expected = FitByApproach(Approach::kParametric, sweep.observations,
                                     {.law = "kaplan_nd", .loss = LossFunction::kSquared, .fixed = {{"alpha_D", 0.1}},
                                      .bounds = {{"alpha_N", {0.01, 0.9}}}, .replica_count = 30, .seed = 7})
                           .value();
  ASSERT_TRUE(expected.identified());
  EXPECT_EQ(response_.document(), FitDocument(expected).dump());
  const v1::FittedLaw& law = response_.fitted_law();
  EXPECT_EQ(law.law(), "kaplan_nd");
  EXPECT_EQ(law.name(), "") << "it is not kept";
  EXPECT_EQ(law.version(), 0);
  ASSERT_EQ(law.parameters_size(), 4);
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(law.parameters(i).value().estimate(), expected.parameters[i].value.estimate);
    EXPECT_EQ(law.parameters(i).value().lower(), expected.parameters[i].value.lower);
  }
  EXPECT_EQ(law.hold_out().observation_count(), expected.hold_out->observation_count);
}

TEST_F(ComputeFitTest, FindsTheBestSizeOfEachBudget) {
  const Sweep sweep = BudgetSweep();
  StoreStudy(server_, sweep.events, 1);
  v1::ComputeFitRequest request = Request("", "isoflop");
  request.set_isoflop_minimum("akima");
  ASSERT_TRUE(Ask(request).ok());
  const Fit expected = FitIsoflop(sweep.observations, {.minimum = IsoflopMinimum::kAkima, .replica_count = 30}).value();
  EXPECT_EQ(response_.document(), FitDocument(expected).dump());
  const v1::FittedLaw& law = response_.fitted_law();
  ASSERT_EQ(law.profiles_size(), 4);
  EXPECT_EQ(law.profiles(2).parameter_count(), expected.profiles[2].parameter_count);
  EXPECT_EQ(law.allocation().parameter_exponent().upper(), expected.allocation->parameter_exponent.upper);
  EXPECT_EQ(law.leave_one_budget_out().at("token_exponent").lower(), expected.leave_one_budget_out.at("token_exponent").first);
}

TEST_F(ComputeFitTest, ReadsTrainingCurvesForTheirEnvelope) {
  const Sweep sweep = CurveSweep(/*logs_tokens=*/false);
  StoreStudy(server_, sweep.events, 1);
  ASSERT_TRUE(Ask(Request("", "envelope")).ok());
  const Fit expected = FitByApproach(Approach::kEnvelope, sweep.observations, {.replica_count = 30}).value();
  EXPECT_EQ(response_.document(), FitDocument(expected).dump());
  EXPECT_EQ(response_.fitted_law().observation_count(), 10 * 6 * 16);
  EXPECT_NEAR(response_.fitted_law().allocation().parameter_exponent().estimate(), 0.3658 / (0.3478 + 0.3658), 0.02);
}

TEST_F(ComputeFitTest, TakesTheTokensOfACurveFromTheirMetricWhereItIsLogged) {
  const Sweep sweep = CurveSweep(/*logs_tokens=*/true);
  StoreStudy(server_, sweep.events, 1);
  ASSERT_TRUE(Ask(Request("", "envelope")).ok());
  Fit expected = FitByApproach(Approach::kEnvelope, sweep.observations, {.replica_count = 30}).value();
  ASSERT_EQ(response_.fitted_law().excluded_size(), 10);
  for (const v1::Exclusion& exclusion : response_.fitted_law().excluded()) {
    EXPECT_EQ(exclusion.point_count(), 2) << "steps 16 and 17, as tokens are known from 18 on";
    expected.excluded.push_back({.run_id = exclusion.run_id(), .run_name = exclusion.run_name(), .reason = exclusion.reason(), .point_count = 2});
  }
  EXPECT_EQ(response_.document(), FitDocument(expected).dump());
  EXPECT_NEAR(response_.fitted_law().allocation().parameter_exponent().estimate(), 0.3658 / (0.3478 + 0.3658), 0.02);
}

TEST_F(ComputeFitTest, RefusesAnEnvelopeWithoutCurvesOrOfALaw) {
  StoreStudy(server_, FinishedGrid(), 1);
  const grpc::Status status = Ask(Request("", "envelope"));
  EXPECT_EQ(status.error_code(), grpc::FAILED_PRECONDITION);
  EXPECT_THAT(status.error_message(), HasSubstr("no run has two points of its loss"));
  EXPECT_EQ(Ask(Request("kaplan_n", "envelope")).error_code(), grpc::INVALID_ARGUMENT);
}

TEST_F(ComputeFitTest, RefusesMorePointsOfCurvesThanOneCallMayFit) {
  v1::RunEvent curve;
  curve.mutable_metric_points()->set_key("loss");
  for (int64_t octave = 0; octave < 55; ++octave) {
    for (int64_t sixteenth = 17; sixteenth <= 32; ++sixteenth) AddPoint((sixteenth << octave) - 1, 3, *curve.mutable_metric_points());
  }
  std::vector<v1::RunEvent> events, ends;
  for (int run = 0; run < 100'000 / (55 * 16) + 1; ++run) {
    const std::string run_id = absl::StrCat("curve ", run);
    curve.set_run_id(run_id);
    for (const v1::RunEvent& event : {StartedEvent(run_id), ParamsEvent(run_id, 1e8, 2e9), curve}) events.push_back(event);
    ends.push_back(EndedEvent(run_id));
  }
  events.insert(events.end(), ends.begin(), ends.end());
  StoreStudy(server_, events, 1);
  const grpc::Status status = Ask(Request("", "envelope"));
  EXPECT_EQ(status.error_code(), grpc::FAILED_PRECONDITION);
  EXPECT_THAT(status.error_message(), HasSubstr("at most 100000 points"));
}

TEST_F(ComputeFitTest, ReadsWhatALawNeedsBesidesAndNamesRunsWithout) {
  const Sweep sweep = EpochSweep();
  StoreStudy(server_, sweep.events, 1);
  ASSERT_TRUE(Ask(DataConstrainedRequest()).ok());
  const Fit expected =
      FitByApproach(Approach::kParametric, sweep.observations, {.law = "data_constrained", .fixed = {{"R_N", 5}}, .replica_count = 30}).value();
  ASSERT_TRUE(expected.identified());
  EXPECT_EQ(response_.document(), FitDocument(expected).dump());

  ASSERT_TRUE(Ask(Request("kaplan_ns")).ok());  // Steps follow from tokens and batch.
  EXPECT_EQ(response_.fitted_law().observation_count(), 10);
  ASSERT_EQ(response_.fitted_law().excluded_size(), 10);
  EXPECT_THAT(response_.fitted_law().excluded(0).reason(), HasSubstr("kaplan_ns needs what was not recognised in this run: step_count, batch_token_count"));
}

TEST_F(ComputeFitTest, FitsTheRunsThatHaveTheAskedValues) {
  Sweep one, other;
  for (const Observation& o : BudgetSweep().observations) {
    one.Add(*o.parameter_count, *o.token_count, *o.loss_nats_per_token, {{"corpus", "web"}});
    other.Add(*o.parameter_count, *o.token_count, 1.1 * *o.loss_nats_per_token, {{"corpus", "books"}});
  }
  for (v1::RunEvent& event : other.events) event.set_run_id("other " + event.run_id());
  one.events.insert(one.events.end(), other.events.begin(), other.events.end());
  StoreStudy(server_, one.events, 1);
  v1::ComputeFitRequest request = Request("chinchilla");
  (*request.mutable_where())["corpus"] = "books";
  ASSERT_TRUE(Ask(request).ok());
  const Fit expected = FitByApproach(Approach::kParametric, other.observations, {.replica_count = 30}).value();
  EXPECT_EQ(response_.document(), FitDocument(expected).dump());
  (*request.mutable_where())["corpus"] = "none";
  ASSERT_TRUE(Ask(request).ok());
  EXPECT_EQ(response_.fitted_law().diagnostics(0).code(), "FEW_RUNS");
}

TEST_F(ComputeFitTest, RefusesWhatCannotBeAskedWithFieldRuleAndValue) {
  StoreStudy(server_, FinishedGrid(), 1);
  const auto refuses = [&](const v1::ComputeFitRequest& request, const std::string& message) {
    const grpc::Status status = Ask(request);
    EXPECT_EQ(status.error_code(), grpc::INVALID_ARGUMENT) << status.error_message();
    EXPECT_THAT(status.error_message(), HasSubstr(message));
  };
  refuses(Request("banana"), "law must be one of");
  refuses(Request("", "all"), "approach must be parametric, isoflop or envelope; got \"all\"");
  refuses(Request("kaplan_n", "isoflop"), "law is of a law, and approach isoflop fits none");
  refuses(Request("power_law"), "name it");
  v1::ComputeFitRequest request = Request("power_law");
  request.set_abscissa("banana");
  refuses(request, "abscissa must be a quantity");
  request = Request("");
  request.set_loss_function("banana");
  refuses(request, "loss_function must be huber, l1 or squared; got \"banana\"");
  request = Request("");
  request.set_isoflop_minimum("akima");
  refuses(request, "isoflop_minimum is of approach isoflop");
  request = Request("");
  request.set_replica_count(10'001);
  refuses(request, "replica_count must be 0 to 10000, got 10001");
  request = Request("");
  request.set_seed(-1);
  refuses(request, "seed must not be negative");
  request = Request("");
  request.set_huber_delta(0);
  refuses(request, "huber_delta must be positive");
  request = Request("");
  (*request.mutable_fixed())["gamma"] = 1;
  refuses(request, "\"gamma\"");
  request = Request("");
  request.set_study("study/1");
  refuses(request, "study");
  request.set_study("studies/9");
  EXPECT_EQ(Ask(request).error_code(), grpc::NOT_FOUND);
}

TEST_F(ComputeFitTest, EvidenceThatCannotSupportTheLawIsAnAnswer) {
  StoreStudy(server_, FinishedRun("only", 1e8, 1e9), 1);
  ASSERT_TRUE(Ask(Request("kaplan_n")).ok());
  EXPECT_EQ(response_.fitted_law().parameters_size(), 0);
  EXPECT_EQ(response_.fitted_law().diagnostics(0).code(), "FEW_RUNS");
}

TEST_F(ComputeFitTest, EndsWhenItsDeadlinePassesAndServesTheNextCall) {
  StoreStudy(server_, EpochSweep().events, 1);
  const v1::ComputeFitRequest request = SlowRequest();
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(300));
  EXPECT_EQ(server_.laws->ComputeFit(&context, request, &response_).error_code(), grpc::DEADLINE_EXCEEDED);
  // One thread computes: this waits until the other has let go.
  ASSERT_TRUE(Ask(Request("kaplan_n")).ok());
}

TEST_F(ComputeFitTest, RefusesMoreCallsThanItMayKeepWaiting) {
  StoreStudy(server_, EpochSweep().events, 1);
  const v1::ComputeFitRequest request = SlowRequest();
  std::vector<grpc::ClientContext> contexts(9);
  std::vector<std::thread> clients;
  std::atomic<int> refused = 0;
  for (grpc::ClientContext& context : contexts) {
    clients.emplace_back([&] {
      v1::ComputeFitResponse response;
      if (server_.laws->ComputeFit(&context, request, &response).error_code() != grpc::RESOURCE_EXHAUSTED) return;
      ++refused;
      for (grpc::ClientContext& other : contexts) other.TryCancel();
    });
  }
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(refused, 1);
}

}  // namespace
}  // namespace isoflop
