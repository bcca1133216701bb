#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "core/fit/fit.h"
#include "plugin/document/documents.h"

namespace isoflop {
namespace {

TEST(FitDocumentTest, ADiagnosticKeepsTheRunThatItIsAbout) {
  std::vector<Observation> runs;
  for (double n : {1e8, 3e8, 1e9, 3e9}) {
    for (double d : {2e9, 1e10, 5e10}) {
      runs.push_back({.parameter_count = n, .token_count = d, .loss_nats_per_token = 1.8 + 400 / std::pow(n, 0.34) + 410 / std::pow(d, 0.28)});
    }
  }
  Fit fit = FitLaw(runs, {.replica_count = 0}).value();
  fit.diagnostics = {{.code = "INFLUENTIAL_RUN", .run_id = "f00d", .run_name = "a \"name\""}, {.code = "NOISY"}};
  const nlohmann::ordered_json document = FitDocument(fit);
  EXPECT_EQ(document["diagnostics"][0]["run"].dump(), R"({"run_id":"f00d","run_name":"a \"name\""})");
  EXPECT_TRUE(document["diagnostics"][1]["run"].is_null());
  const Fit read = ParseFitDocument(document.dump()).value();
  EXPECT_EQ(read.diagnostics[0].run_id, "f00d");
  EXPECT_EQ(read.diagnostics[0].run_name, "a \"name\"");
  EXPECT_EQ(read.diagnostics[1].run_id, "");
}

}  // namespace
}  // namespace isoflop
