#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "plugin/cli/advise.h"
#include "plugin/cli/fit.h"

namespace isoflop {
namespace {

using nlohmann::json;
using testing::HasSubstr;

struct Answer {
  int exit_code = 0;
  std::string out, err;
};

// Runs `isoflop` with these arguments in this process.
Answer RunIsoflop(std::vector<std::string> arguments) {
  CLI::App app;
  Answer answer;
  AddFitCommand(app, &answer.exit_code);
  AddAdviseCommand(app, &answer.exit_code);
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  std::reverse(arguments.begin(), arguments.end());  // CLI11 takes them last first.
  app.parse(arguments);
  answer.out = testing::internal::GetCapturedStdout();
  answer.err = testing::internal::GetCapturedStderr();
  return answer;
}

std::string Data(const std::string& file) { return std::string(ISOFLOP_TEST_DATA) + "/" + file; }

std::string Temporary(const std::string& name, const std::string& text) {
  const std::string path = testing::TempDir() + name;
  std::ofstream(path) << text;
  return path;
}

TEST(FitApproachesTest, PrintsAnIsoflopFitThatAdviseReads) {
  // Porian et al.'s tuned setup: published exponent .497.
  const Answer fit = RunIsoflop({"fit", Data("porian_isoflop_points.csv"), "--where", "source=summary_df", "--where", "hparams=tuned", "--approach", "isoflop",
                          "--isoflop-minimum", "akima", "--bootstrap", "100", "--format", "json"});
  ASSERT_EQ(fit.exit_code, 0) << fit.err;
  const json document = json::parse(fit.out);
  EXPECT_TRUE(document["law"].is_null());
  EXPECT_EQ(document["parameters"], json::array());
  EXPECT_TRUE(document["objective"].is_null());
  EXPECT_EQ(document["approach"], "isoflop");
  EXPECT_NEAR(document["allocation"]["parameter_exponent"]["estimate"].get<double>(), 0.497, 0.002);
  EXPECT_EQ(document["profiles"].size(), 12u);
  EXPECT_GT(document["profiles"][0]["curvature"].get<double>(), 0);
  EXPECT_LT(document["leave_one_budget_out"]["parameter_exponent"]["least"], document["leave_one_budget_out"]["parameter_exponent"]["greatest"]);
  EXPECT_EQ(document["replicas"]["allocations"].size(), 100u);

  const Answer advice = RunIsoflop({"advise", "--fit", Temporary("isoflop_fit.json", fit.out), "--budget", "1e20,1e22", "--format", "json"});
  ASSERT_EQ(advice.exit_code, 0) << advice.err;
  const json list = json::parse(advice.out)["advice"];
  EXPECT_NEAR(list[0]["parameter_count"]["estimate"].get<double>(), 1.04e9, 0.1e9);
  EXPECT_LT(list[0]["parameter_count"]["lower"], list[0]["parameter_count"]["upper"]);
  EXPECT_TRUE(list[0]["loss_nats_per_token"]["estimate"].is_null());
  EXPECT_TRUE(list[1]["parameter_count"]["estimate"].is_null());  // Over 100 times the largest run.
}

TEST(FitApproachesTest, ComputeTokensAndLossAreEnough) {
  std::string table = "C,D,loss\n";
  std::ifstream stream(Data("chinchilla_figure4_subset.csv"));
  std::string c, n, d, loss;
  std::getline(stream, c);
  while (std::getline(stream, c, ',') && std::getline(stream, n, ',') && std::getline(stream, d, ',') && std::getline(stream, loss)) {
    table += c + "," + d + "," + loss + "\n";
  }
  const Answer fit = RunIsoflop({"fit", Temporary("cdl.csv", table), "--approach", "isoflop", "--bootstrap", "0", "--format", "json"});
  ASSERT_EQ(fit.exit_code, 0) << fit.err;
  EXPECT_NEAR(json::parse(fit.out)["allocation"]["parameter_exponent"]["estimate"].get<double>(), 0.49, 0.03);  // Published: 0.49.
}

TEST(FitApproachesTest, AllSetsTheApproachesSideBySide) {
  const Answer without_runs = RunIsoflop({"fit", Data("chinchilla_figure4_subset.csv"), "--approach", "all", "--bootstrap", "0", "--format", "json"});
  ASSERT_EQ(without_runs.exit_code, 0) << without_runs.err;
  const json fits = json::parse(without_runs.out)["fits"];
  ASSERT_EQ(fits.size(), 3u);
  EXPECT_EQ(fits[0]["approach"], "parametric");
  EXPECT_EQ(fits[0]["law"], "chinchilla");
  EXPECT_EQ(fits[1]["approach"], "isoflop");
  EXPECT_EQ(fits[2]["approach"], "envelope");
  EXPECT_TRUE(fits[2]["allocation"].is_null());
  EXPECT_EQ(fits[2]["diagnostics"][0]["code"], "APPROACH_NOT_POSSIBLE");
  EXPECT_THAT(fits[2]["diagnostics"][0]["message"].get<std::string>(), HasSubstr("--run"));

  const Answer table = RunIsoflop({"fit", Data("chinchilla_figure4_subset.csv"), "--approach", "all", "--bootstrap", "0"});
  EXPECT_THAT(table.out, HasSubstr("a, parameter exponent"));
  EXPECT_THAT(table.out, HasSubstr("envelope    -           envelope: it needs training curves"));
}

TEST(FitApproachesTest, AnEnvelopeNeedsARunColumn) {
  const std::string curves = Data("olmo_ladder_curves_c4.csv");
  const Answer without = RunIsoflop({"fit", curves, "--approach", "envelope"});
  EXPECT_EQ(without.exit_code, 2);
  EXPECT_THAT(without.err, HasSubstr("--run"));
  const Answer with = RunIsoflop({"fit", curves, "--approach", "envelope", "--run", "run", "--bootstrap", "20", "--format", "json"});
  ASSERT_EQ(with.exit_code, 0) << with.err;
  EXPECT_EQ(json::parse(with.out)["profiles"].size(), 3u);
}

TEST(FitReportTest, CountsEachNetworkOfTheTableEveryWay) {
  // Pythia 160M by its own configuration: 162,322,944 parameters, 85,056,000 of them outside the embeddings (arXiv 2304.01373, table 1).
  const std::string path = Temporary(
      "networks.csv", "n_layer,d_model,n_heads,vocab_size,D,loss\n12,768,12,50304,3e11,2.6\n12,768,12,50304,2e11,2.7\n24,1024,16,50304,3e11,2.3\n");
  const std::vector<std::string> arguments = {"fit", path, "--bootstrap", "0", "--report", "architectures", "--format", "json", "--architecture",
                                              "sequence_length=2048,norm=layer,query_key_value_biases=true,attention_output_bias=true,"
                                              "feed_forward_biases=true"};
  const json networks = json::parse(RunIsoflop(arguments).out)["architectures"];
  ASSERT_EQ(networks.size(), 2u);
  EXPECT_EQ(networks[0]["row_count"], 2);
  EXPECT_EQ(networks[0]["parameter_count"]["TOTAL"], 162322944);
  EXPECT_EQ(networks[0]["parameter_count"]["NON_EMBEDDING"], 85056000);
  const double d = 768, layers = 12, context = 2048, n = 12 * layers * d * d;
  EXPECT_EQ(networks[0]["training_flops_per_token"]["six_n"], 6.0 * 162322944);
  EXPECT_EQ(networks[0]["training_flops_per_token"]["kaplan"], 3 * (2 * n + 2 * layers * context * d));
  EXPECT_EQ(networks[0]["training_flops_per_token"]["deepseek"], 72 * layers * d * d + 12 * layers * d * context);
  EXPECT_EQ(networks[1]["layer_count"], 24);
  EXPECT_EQ(RunIsoflop({"fit", Data("chinchilla_figure4_subset.csv"), "--bootstrap", "0", "--report", "architectures"}).exit_code, 2);
}

TEST(FitApproachesTest, OneBudgetIsExitThree) {
  const std::string path = Temporary("one_budget.csv", "C,N,loss\n1e18,1e8,3.2\n1e18,2e8,3.1\n1e18,4e8,3.15\n");
  const Answer fit = RunIsoflop({"fit", path, "--approach", "isoflop", "--format", "json"});
  EXPECT_EQ(fit.exit_code, 3);
  const json document = json::parse(fit.out);
  EXPECT_TRUE(document["allocation"].is_null());
  EXPECT_EQ(document["diagnostics"][0]["code"], "FEW_BUDGETS");
  EXPECT_EQ(RunIsoflop({"advise", "--fit", Temporary("one_budget.json", fit.out), "--budget", "1e19"}).exit_code, 3);
}

TEST(FitApproachesTest, FlagsOfALawAreWrongUseWithoutOne) {
  const Answer fit = RunIsoflop({"fit", Data("chinchilla_figure4_subset.csv"), "--approach", "isoflop", "--fix", "alpha=0.3"});
  EXPECT_EQ(fit.exit_code, 2);
  EXPECT_THAT(fit.err, HasSubstr("--fix"));
}

}  // namespace
}  // namespace isoflop
