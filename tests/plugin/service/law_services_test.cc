// Studies, laws, advice and pages of a real server.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/advice/allocation.h"
#include "core/base/significant_digits.h"
#include "isoflop/v1/pages.pb.h"
#include "plugin/document/documents.h"
#include "plugin/document/next_runs_document.h"
#include "tests/plugin/testing/events.h"
#include "tests/plugin/testing/run_event_client.h"
#include "tests/plugin/testing/running_server.h"
#include "tests/plugin/testing/stored_study.h"

namespace isoflop {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

class LawServicesTest : public ::testing::Test {
 protected:
  // Stores the events and waits for the intervals of `version`.
  void Store(const std::vector<v1::RunEvent>& events, int64_t version, const std::string& study_id = "1") {
    StoreStudy(server_, events, version, study_id);
  }

  grpc::Status GetPage(v1::PageKind kind, std::vector<double> budgets, v1::GetPageResponse* page,
                       const std::string& if_none_match = "", int64_t version = 0,
                       const std::string& study = "studies/1") {
    v1::GetPageRequest request;
    request.set_study(study);
    request.set_kind(kind);
    request.mutable_budget_flops()->Assign(budgets.begin(), budgets.end());
    request.set_if_none_match(if_none_match);
    request.set_version(version);
    page->Clear();
    return Call(*server_.pages, &v1::PageService::Stub::GetPage, request, page);
  }

  RunningServer server_;
};

TEST_F(LawServicesTest, EverySurfaceShowsTheSameFigures) {
  Store(FinishedGrid(), 1);
  v1::GetPageResponse page;
  ASSERT_TRUE(GetPage(v1::LAW, {}, &page).ok());
  const Fit fit = ParseFitDocument(page.json()).value();
  nlohmann::ordered_json document = nlohmann::ordered_json::parse(page.json());
  EXPECT_EQ(document["refit"]["added"]["count"], 20);
  document.erase("refit");  // The service's own.
  EXPECT_EQ(FitDocument(fit).dump(), document.dump());

  v1::FittedLaw law;
  v1::GetFittedLawRequest law_request;
  law_request.set_name("studies/1/laws/chinchilla/versions/-");
  ASSERT_TRUE(Call(*server_.laws, &v1::FittedLawService::Stub::GetFittedLaw, law_request, &law).ok());
  EXPECT_EQ(law.name(), "studies/1/laws/chinchilla/versions/1");
  EXPECT_EQ(law.observation_count(), 20);
  EXPECT_EQ(law.replica_count(), 20);
  EXPECT_EQ(law.create_time().seconds(), 1'700'000'000);
  EXPECT_EQ(law.refit().kind(), v1::Refit::COLD);
  EXPECT_EQ(law.refit().change().added().count(), 20);
  EXPECT_TRUE(law.refit().has_intervals_duration());
  ASSERT_EQ(law.parameters_size(), 5);
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(law.parameters(i).symbol(), fit.parameters[i].symbol);
    EXPECT_EQ(law.parameters(i).value().estimate(), fit.parameters[i].value.estimate);
    EXPECT_EQ(law.parameters(i).value().lower(), fit.parameters[i].value.lower);
  }

  v1::GetAdviceRequest advice_request;
  advice_request.set_study("studies/1");
  advice_request.add_budget_flops(1e21);
  v1::GetAdviceResponse advice;
  ASSERT_TRUE(Call(*server_.advice, &v1::AdviceService::Stub::GetAdvice, advice_request, &advice).ok());
  const Advice expected = AdviseAllocation(fit, 1e21).value();
  EXPECT_EQ(advice.fitted_law(), law.name());
  EXPECT_EQ(advice.advice(0).parameter_count().estimate(), expected.parameter_count.estimate);
  EXPECT_EQ(advice.advice(0).loss_nats_per_token().upper(), expected.loss_nats_per_token.upper);

  v1::GetPageResponse advice_page;
  ASSERT_TRUE(GetPage(v1::ADVICE, {1e21}, &advice_page).ok());
  EXPECT_EQ(advice_page.json(), AdviceDocument({expected}).dump());

  ASSERT_TRUE(GetPage(v1::PANEL, {1e21}, &page).ok());
  const nlohmann::json panel = nlohmann::json::parse(page.json());
  EXPECT_EQ(panel["version"], 1);
  EXPECT_EQ(panel["study"]["run_count"], 20);
  EXPECT_EQ(panel["verdict"], nlohmann::json::parse(advice_page.json())["advice"][0]);
}

TEST_F(LawServicesTest, AnEntityTagChangesExactlyWhenThePageDoes) {
  Store(FinishedGrid(), 1);
  v1::GetPageResponse page;
  ASSERT_TRUE(GetPage(v1::PANEL, {1e21}, &page).ok());
  const std::string tag = page.entity_tag();
  ASSERT_TRUE(GetPage(v1::PANEL, {1e21}, &page, tag).ok());
  EXPECT_TRUE(page.not_modified());
  EXPECT_EQ(page.json(), "");
  ASSERT_TRUE(GetPage(v1::PANEL, {2e21}, &page, tag).ok());
  EXPECT_FALSE(page.not_modified());

  // A run that starts shows in the panel, not in the law.
  ASSERT_TRUE(GetPage(v1::LAW, {}, &page).ok());
  const std::string law_tag = page.entity_tag();
  grpc::ClientContext context;
  v1::WatchFittedLawsRequest request;
  const auto watch = server_.laws->WatchFittedLaws(&context, request);
  v1::FittedLawChange change;
  ASSERT_TRUE(watch->Read(&change));  // The view that is there.
  ASSERT_TRUE(RunEventClient(server_.channel()).Store({StartedEvent("new")}));
  ASSERT_TRUE(watch->Read(&change));  // The view with the run.
  context.TryCancel();
  ASSERT_TRUE(GetPage(v1::PANEL, {1e21}, &page, tag).ok());
  EXPECT_FALSE(page.not_modified());
  ASSERT_TRUE(GetPage(v1::LAW, {}, &page, law_tag).ok());
  EXPECT_TRUE(page.not_modified());
}

TEST_F(LawServicesTest, WhatIfPagesAgreeWithTheAdviceForTheirBudgets) {
  Store(FinishedGrid(), 1);
  v1::GetPageResponse page;
  ASSERT_TRUE(GetPage(v1::ADVICE_GRID, {}, &page).ok());
  const nlohmann::json grid = nlohmann::json::parse(page.json())["advice_grid"];
  const std::vector<double> budgets = grid["budget_flops"];
  ASSERT_THAT(budgets, SizeIs(6 * 12 + 1));
  EXPECT_LT(grid["extrapolation_factor"].front(), 1e-3);
  EXPECT_GT(grid["extrapolation_factor"].back(), 100);  // So the last steps give the band only.
  for (size_t step = 1; step < budgets.size(); ++step) EXPECT_NEAR(std::log10(budgets[step] / budgets[step - 1]), 1. / 12, 0.025);  // Two digits.
  const double budget = budgets[40];
  ASSERT_TRUE(GetPage(v1::ADVICE, {budget}, &page).ok());
  const nlohmann::json advice = nlohmann::json::parse(page.json())["advice"][0];
  ASSERT_TRUE(GetPage(v1::OTHER_SIZES, {budget}, &page).ok());
  const nlohmann::json other = nlohmann::json::parse(page.json());
  EXPECT_EQ(other["verdict"], advice);
  EXPECT_EQ(other["sizes"][2]["parameter_count"], advice["parameter_count"]["estimate"]);
  for (const char* bound : {"estimate", "lower", "upper"}) {
    for (const char* count : {"parameter_count", "token_count"}) EXPECT_EQ(grid[count][bound][40], RoundDrawn(advice[count][bound], 4)) << count << bound;
    EXPECT_EQ(grid["loss_nats_per_token"][bound][40], RoundDrawn(advice["loss_nats_per_token"][bound], 6)) << bound;
  }
  EXPECT_EQ(GetPage(v1::OTHER_SIZES, {}, &page).error_code(), grpc::INVALID_ARGUMENT);
}

TEST_F(LawServicesTest, AnExclusionIsPreviewedAsItThenComesOut) {
  std::vector<v1::RunEvent> events = FinishedGrid();
  const std::vector<v1::RunEvent> odd = FinishedRun("odd", 3e8, 9e9);
  events.insert(events.end(), odd.begin(), odd.end());
  Store(events, 1);
  v1::GetPageRequest request;
  request.set_study("studies/1");
  request.set_kind(v1::EXCLUSION);
  request.add_budget_flops(1e21);
  request.set_run_id("odd");
  request.set_excluded(true);
  v1::GetPageResponse page;
  ASSERT_TRUE(Call(*server_.pages, &v1::PageService::Stub::GetPage, request, &page).ok());
  const nlohmann::json preview = nlohmann::json::parse(page.json());
  EXPECT_EQ(preview["observation_count"], 20);
  EXPECT_TRUE(preview["error"].is_null());
  for (const char* bound : {"lower", "upper"}) EXPECT_TRUE(preview["advice"]["parameter_count"][bound].is_number()) << bound;

  v1::RunEvent tag;
  tag.set_run_id("odd");
  (*tag.mutable_params_and_tags()->mutable_tags())["isoflop.exclude"] = "true";
  Store({tag}, 2);
  ASSERT_TRUE(GetPage(v1::PANEL, {1e21}, &page).ok());
  const nlohmann::json panel = nlohmann::json::parse(page.json());
  EXPECT_EQ(panel["law"]["observation_count"], 20);
  EXPECT_EQ(panel["excluded"][0]["by_hand"], true);
  EXPECT_EQ(panel["excluded"][0]["runs"][0]["run_id"], "odd");
  for (const char* quantity : {"parameter_count", "loss_nats_per_token"}) {
    EXPECT_NEAR(panel["verdict"][quantity]["estimate"].get<double>() / preview["advice"][quantity]["estimate"].get<double>(), 1, 1e-9);
  }

  request.set_excluded(false);
  ASSERT_TRUE(Call(*server_.pages, &v1::PageService::Stub::GetPage, request, &page).ok());
  EXPECT_EQ(nlohmann::json::parse(page.json())["observation_count"], 21);
  request.set_run_id("none");
  EXPECT_EQ(Call(*server_.pages, &v1::PageService::Stub::GetPage, request, &page).error_code(), grpc::NOT_FOUND);
}

TEST_F(LawServicesTest, TradeOffsAnswerTheQuestionOfThePage) {
  Store(FinishedGrid(), 1);
  v1::GetPageRequest request;
  request.set_study("studies/1");
  request.set_kind(v1::TRADE_OFFS);
  v1::TradeOffsQuestion& question = *request.mutable_trade_offs();
  question.set_gpu_count(64);
  question.set_gpu_flops_per_sec(4e14);
  question.set_gpu_price_per_hour(2.5);
  question.set_days(2);
  question.set_unique_token_count(1e10);
  question.set_served_token_count(1e12);
  v1::GetPageResponse page;
  ASSERT_TRUE(Call(*server_.pages, &v1::PageService::Stub::GetPage, request, &page).ok());
  const nlohmann::json answer = nlohmann::json::parse(page.json());
  // 64 GPUs for two days make the budget.
  EXPECT_NEAR(answer["plan"]["training_flops"].get<double>() / (64 * 4e14 * 2 * 86400), 1, 1e-3);
  EXPECT_NEAR(answer["plan"]["cost"]["days"].get<double>(), 2, 1e-9);
  EXPECT_NEAR(answer["plan"]["cost"]["training_price"].get<double>(), 64 * 48 * 2.5, 1e-9);
  for (const char* part : {"scale_up", "more_compute", "stopping", "data_limited", "serving"}) {
    EXPECT_TRUE(answer[part].is_object()) << part;
    EXPECT_TRUE(answer["sentences"][part].is_string()) << part;
  }
  EXPECT_TRUE(answer["target"].is_null());
  // Without a run's name, the plan, as on the command line; with one, that run.
  EXPECT_TRUE(answer["more_compute"]["run_id"].is_null());
  EXPECT_EQ(answer["more_compute"]["parameter_count"], answer["plan"]["parameter_count"]);
  ASSERT_TRUE(GetPage(v1::RUNS, {}, &page).ok());
  const nlohmann::json runs = nlohmann::json::parse(page.json())["runs"];
  const nlohmann::json largest = *std::max_element(runs.begin(), runs.end(), [](const nlohmann::json& a, const nlohmann::json& b) {
    return a["training_flops"].get<double>() < b["training_flops"].get<double>();
  });
  EXPECT_EQ(answer["run_choices"][0]["run_id"], largest["run_id"]);
  EXPECT_THAT(answer["run_choices"], SizeIs(8));
  question.Clear();
  request.set_run_id(runs[0]["run_id"].get<std::string>());
  ASSERT_TRUE(Call(*server_.pages, &v1::PageService::Stub::GetPage, request, &page).ok());
  EXPECT_EQ(nlohmann::json::parse(page.json())["more_compute"]["run_id"], runs[0]["run_id"]);
  request.set_run_id("no such run");
  EXPECT_EQ(Call(*server_.pages, &v1::PageService::Stub::GetPage, request, &page).error_code(), grpc::INVALID_ARGUMENT);
  request.clear_run_id();
  question.set_utilisation(3);
  EXPECT_THAT(Call(*server_.pages, &v1::PageService::Stub::GetPage, request, &page).error_message(), HasSubstr("utilisation must be at most 1"));
}

TEST_F(LawServicesTest, NextRunsFollowFromTheLawThatPagesShow) {
  Store(FinishedGrid(), 1);
  v1::GetPageResponse page, law;
  ASSERT_TRUE(GetPage(v1::LAW, {}, &law).ok());
  ASSERT_TRUE(GetPage(v1::NEXT_RUNS, {1e21}, &page).ok());
  const NextRunsAdvice expected =
      AdviseNextRuns(ParseFitDocument(law.json()).value(), {.target_flops = 1e21, .sweep_flops = 2e19}).value();
  EXPECT_EQ(page.json(), NextRunsDocument(expected).dump());
  EXPECT_EQ(nlohmann::json::parse(page.json())["target_flops"], 1e21);
  EXPECT_EQ(GetPage(v1::NEXT_RUNS, {1e20, 1e21}, &page).error_code(), grpc::INVALID_ARGUMENT);
  EXPECT_TRUE(GetPage(v1::NEXT_RUNS, {}, &page).ok());
}

TEST_F(LawServicesTest, OldVersionsStayReadable) {
  Store(FinishedGrid(), 1);
  v1::GetPageResponse page;
  ASSERT_TRUE(GetPage(v1::LAW, {}, &page).ok());
  const std::string first = page.json();
  for (int i = 2; i <= 5; ++i) Store(FinishedRun("more " + std::to_string(i), 3e8 * i, 9e9), i);
  ASSERT_TRUE(GetPage(v1::LAW, {}, &page, "", 1).ok());
  nlohmann::ordered_json expected = nlohmann::ordered_json::parse(first);
  EXPECT_EQ(expected["runs"]["parameter_count"].size(), 20);
  expected["replicas"]["estimates"] = nlohmann::ordered_json::array();
  expected["runs"] = nullptr;  // Kept of the newest version only.
  EXPECT_EQ(page.json(), expected.dump());
  EXPECT_EQ(GetPage(v1::LAW, {}, &page, "", 6).error_code(), grpc::NOT_FOUND);

  // The panel by the first version: its law and advice, without the bounds that took its replicas.
  ASSERT_TRUE(GetPage(v1::PANEL, {1e21}, &page, "", 1).ok());
  const nlohmann::json panel = nlohmann::json::parse(page.json());
  EXPECT_EQ(panel["version"], 1);
  EXPECT_EQ(panel["newest_version"], 5);
  EXPECT_EQ(panel["law"]["parameters"], nlohmann::json::parse(first)["parameters"]);
  EXPECT_TRUE(panel["verdict"]["parameter_count"]["estimate"].is_number());
  EXPECT_TRUE(panel["verdict"]["parameter_count"]["lower"].is_null());
  EXPECT_EQ(panel["intervals_ready"], true);
  EXPECT_EQ(GetPage(v1::PANEL, {1e21}, &page, "", 6).error_code(), grpc::NOT_FOUND);
  ASSERT_TRUE(GetPage(v1::OTHER_SIZES, {1e21}, &page, "", 1).ok());
  EXPECT_EQ(nlohmann::json::parse(page.json())["verdict"]["parameter_count"], panel["verdict"]["parameter_count"]);

  ASSERT_TRUE(GetPage(v1::LAW_VERSIONS, {}, &page).ok());
  const nlohmann::json versions = nlohmann::json::parse(page.json())["versions"];
  ASSERT_THAT(versions, SizeIs(5));
  EXPECT_EQ(versions[0]["version"], 5);
  EXPECT_EQ(versions[4]["observation_count"], 20);
  EXPECT_EQ(versions[4]["create_time"], "2023-11-14T22:13:20Z");
  EXPECT_THAT(versions[4]["refit"]["added"]["run_ids"], SizeIs(20));

  v1::GetPageRequest newest;
  newest.set_study("studies/1");
  newest.set_kind(v1::LAW_VERSIONS);
  newest.set_item_count(2);
  ASSERT_TRUE(Call(*server_.pages, &v1::PageService::Stub::GetPage, newest, &page).ok());
  const nlohmann::json few = nlohmann::json::parse(page.json())["versions"];
  ASSERT_THAT(few, SizeIs(2));
  EXPECT_EQ(few[1]["version"], 4);
  EXPECT_TRUE(few[1]["refit"]["added"].contains("count"));
  EXPECT_FALSE(few[1]["refit"]["added"].contains("run_ids"));

  v1::GetPageRequest all;
  all.set_study("studies/1");
  all.set_kind(v1::RUNS);
  ASSERT_TRUE(Call(*server_.pages, &v1::PageService::Stub::GetPage, all, &page).ok());
  const nlohmann::json runs = nlohmann::json::parse(page.json())["runs"];
  ASSERT_THAT(runs, SizeIs(24));
  all.set_run_id(runs[3]["run_id"].get<std::string>());
  ASSERT_TRUE(Call(*server_.pages, &v1::PageService::Stub::GetPage, all, &page).ok());
  EXPECT_EQ(nlohmann::json::parse(page.json())["runs"], nlohmann::json::array({runs[3]}));

  v1::ListFittedLawsRequest request;
  request.set_parent("studies/1/laws/chinchilla");
  request.set_page_size(3);
  v1::ListFittedLawsResponse list;
  ASSERT_TRUE(Call(*server_.laws, &v1::FittedLawService::Stub::ListFittedLaws, request, &list).ok());
  EXPECT_EQ(list.fitted_laws(2).version(), 3);
  request.set_page_token(list.next_page_token());
  ASSERT_TRUE(Call(*server_.laws, &v1::FittedLawService::Stub::ListFittedLaws, request, &list).ok());
  ASSERT_EQ(list.fitted_laws_size(), 2);
  EXPECT_EQ(list.fitted_laws(0).version(), 2);
  EXPECT_EQ(list.fitted_laws(1).replica_count(), 20);
  EXPECT_EQ(list.next_page_token(), "");
}

TEST_F(LawServicesTest, StudiesAreListedInPages) {
  Store(FinishedGrid("1"), 1, "1");
  Store(FinishedGrid("2"), 1, "2");
  v1::ListStudiesRequest request;
  request.set_page_size(1);
  v1::ListStudiesResponse response;
  ASSERT_TRUE(Call(*server_.studies, &v1::StudyService::Stub::ListStudies, request, &response).ok());
  ASSERT_EQ(response.studies_size(), 1);
  EXPECT_EQ(response.studies(0).name(), "studies/1");
  EXPECT_EQ(response.studies(0).observation_count(), 20);
  request.set_page_token(response.next_page_token());
  ASSERT_TRUE(Call(*server_.studies, &v1::StudyService::Stub::ListStudies, request, &response).ok());
  EXPECT_EQ(response.studies(0).name(), "studies/2");
  EXPECT_EQ(response.next_page_token(), "");
}

TEST_F(LawServicesTest, AWatcherOfAdviceGetsEachNewLaw) {
  Store(FinishedGrid(), 1);
  grpc::ClientContext context;
  v1::GetAdviceRequest request;
  request.set_study("studies/1");
  request.add_budget_flops(1e21);
  const auto watch = server_.advice->WatchAdvice(&context, request);
  v1::GetAdviceResponse advice;
  ASSERT_TRUE(watch->Read(&advice));
  EXPECT_EQ(advice.fitted_law(), "studies/1/laws/chinchilla/versions/1");
  ASSERT_TRUE(RunEventClient(server_.channel()).Store(FinishedRun("more", 3e8, 9e9)));
  ASSERT_TRUE(watch->Read(&advice));
  EXPECT_EQ(advice.fitted_law(), "studies/1/laws/chinchilla/versions/2");
  context.TryCancel();
}

TEST_F(LawServicesTest, RefusesWhatItCannotAnswer) {
  ASSERT_NO_FATAL_FAILURE(Store(FinishedRun("only", 1e8, 1e9), 1));
  v1::GetPageResponse page;
  EXPECT_EQ(GetPage(v1::LAW, {}, &page, "", 0, "studies/9").error_code(), grpc::NOT_FOUND);
  EXPECT_EQ(GetPage(v1::LAW, {}, &page, "", 0, "study/1").error_code(), grpc::INVALID_ARGUMENT);
  EXPECT_EQ(GetPage(v1::PANEL, {-1}, &page).error_code(), grpc::INVALID_ARGUMENT);
  EXPECT_EQ(GetPage(v1::PANEL, {1e20, 1e21}, &page).error_code(), grpc::INVALID_ARGUMENT);
  EXPECT_EQ(GetPage(v1::ADVICE, {}, &page).error_code(), grpc::INVALID_ARGUMENT);
  EXPECT_EQ(GetPage(v1::ADVICE, {std::numeric_limits<double>::infinity()}, &page).error_code(), grpc::INVALID_ARGUMENT);
  EXPECT_EQ(GetPage(v1::PAGE_KIND_UNSPECIFIED, {}, &page).error_code(), grpc::INVALID_ARGUMENT);
  // One run is no evidence for advice, and the panel says what is missing.
  EXPECT_EQ(GetPage(v1::ADVICE, {1e21}, &page).error_code(), grpc::FAILED_PRECONDITION);
  ASSERT_TRUE(GetPage(v1::PANEL, {}, &page).ok());
  EXPECT_EQ(nlohmann::json::parse(page.json())["state"], "thin");
}

TEST_F(LawServicesTest, ADrainedServerEndsItsWatches) {
  grpc::ClientContext context;
  const auto watch = server_.laws->WatchFittedLaws(&context, v1::WatchFittedLawsRequest());
  watch->WaitForInitialMetadata();
  server_.Drain();
  v1::FittedLawChange change;
  EXPECT_FALSE(watch->Read(&change));
  EXPECT_EQ(watch->Finish().error_code(), grpc::UNAVAILABLE);
}

}  // namespace
}  // namespace isoflop
