#include "core/fit/prior_diagnostic.h"

#include <gtest/gtest.h>

#include <cmath>

#include "absl/strings/str_format.h"
#include "core/fit/prior_offer.h"
#include "core/law/additive_law.h"
#include "tests/testing/runs.h"
#include "tests/testing/status_matchers.h"

namespace isoflop {
namespace {

using absl::StatusCode;

const AdditiveLaw kHoffmann = {1.69, 406.4, 410.7, 0.34, 0.28};

const Diagnostic* FindPrior(const Fit& fit) {
  for (const Diagnostic& d : fit.diagnostics) {
    if (d.code == "PRIOR") return &d;
  }
  return nullptr;
}

TEST(DiagnosePriorTest, WeighsAPriorAgainstTheRunsAsWorkedByHand) {
  // alpha alone is free and the runs have no noise, so that the Hessian of the sum of squares is 2 sum g^2, g = d ln L / d alpha = -ln N A N^-alpha / L.
  // A prior of standard deviation .01 is worth 2 .005^2 / .01^2 beside it.
  const std::vector<Observation> runs = PlantedRuns(kHoffmann, {1e8, 1e9}, {20});
  double squares = 0;
  for (const Observation& run : runs) {
    const double n = *run.parameter_count;
    squares += std::pow(std::log(n) * 406.4 * std::pow(n, -0.34) / *run.loss_nats_per_token, 2);
  }
  const double precision = 2 * 0.005 * 0.005 / (0.01 * 0.01), expected = precision / (precision + 2 * squares);
  std::vector<Observation> all = runs;
  for (int copy = 0; copy < 2; ++copy) all.insert(all.end(), runs.begin(), runs.end());
  const double thrice = precision / (precision + 6 * squares);
  const FitOptions options = {.loss = LossFunction::kSquared,
                              .fixed = {{"E", 1.69}, {"A", 406.4}, {"B", 410.7}, {"beta", 0.28}},
                              .priors = {{"alpha", {0.34, 0.01}}}};
  const Prepared evidence = Prepare(runs, options).value(), more = Prepare(all, options).value();
  const Theta truth = {std::log(1.69), std::log(406.4), std::log(410.7), 0.34, 0.28};
  EXPECT_NEAR(DiagnosePrior(evidence, truth, "")->evidence.at("alpha_weight"), expected, 1e-9);
  EXPECT_NEAR(DiagnosePrior(more, truth, "")->evidence.at("weight"), thrice, 1e-9);
  EXPECT_FALSE(DiagnosePrior(Prepare(runs, {}).value(), truth, "").has_value());
}

TEST(PublishedPriorTest, StandsInForTwoRuns) {
  // Five runs of the published law itself: with its exponents they give E, A and B; without, no law; four are too few either way.
  std::vector<Observation> runs = PlantedRuns(kHoffmann, {1e8, 1e9}, {5, 80});
  runs.push_back(PlantedRuns(kHoffmann, {3e8}, {20})[0]);
  EXPECT_FALSE(FitLaw(runs, {}).value().identified());
  const FitOptions options = {.published_prior = "hoffmann2022"};
  const Fit fit = FitLaw(runs, options).value();
  ASSERT_TRUE(fit.identified());
  EXPECT_NEAR(*fit.parameters[0].value.estimate, 1.69, 1e-4);
  EXPECT_NEAR(*fit.parameters[3].value.estimate, 0.34, 1e-4);
  const Diagnostic* prior = FindPrior(fit);
  ASSERT_NE(prior, nullptr);
  EXPECT_NE(prior->message.find("Hoffmann et al. 2022"), std::string::npos);
  EXPECT_GT(prior->evidence.at("weight"), 0);
  EXPECT_LE(prior->evidence.at("weight"), 1);
  runs.pop_back();
  EXPECT_FALSE(FitLaw(runs, options).value().identified());
}

TEST(PublishedPriorTest, IsOfferedWhereItMakesALawThatMayBeActedOn) {
  // Six runs, where eight are wanted; five are too few for advice with a prior too, and eight need none.
  const std::vector<Observation> runs = PlantedRuns(kHoffmann, {3e7, 3e8, 3e9}, {5, 80});
  const auto offer = [](const std::vector<Observation>& some) { return OfferPublishedPrior(some, FitLaw(some, {}).value()); };
  const std::optional<PriorOffer> six = offer(runs);
  ASSERT_TRUE(six.has_value());
  EXPECT_EQ(six->name, "besiroglu2024");
  EXPECT_NE(six->source.find("Besiroglu et al. 2024"), std::string::npos);
  const Fit taken = FitLaw(runs, {.published_prior = six->name}).value();
  EXPECT_EQ(taken.published_prior, six->name);
  EXPECT_FALSE(HasError(taken.diagnostics));
  EXPECT_EQ(FindPrior(taken)->evidence.at("weight"), six->weight);
  EXPECT_EQ(FindPrior(taken)->title, absl::StrFormat("Rests %.0f %% on besiroglu2024", 100 * six->weight));
  EXPECT_FALSE(OfferPublishedPrior(runs, taken).has_value()) << "it is taken";
  EXPECT_FALSE(offer({runs.begin(), runs.end() - 1}).has_value());
  EXPECT_FALSE(offer(PlantedRuns(kHoffmann, {3e7, 3e8, 3e9, 1e10}, {5, 80})).has_value());
  EXPECT_FALSE(OfferPublishedPrior(runs, Fit{.law = "kaplan_nd"}).has_value()) << "it has no such exponents";
}

TEST(PublishedPriorTest, DrawsAnotherLawTowardsItAndSaysHowMuchTheLessTheMoreRuns) {
  const AdditiveLaw other = {1.9, 120, 900, 0.25, 0.32};
  const FitOptions options = {.published_prior = "besiroglu2024"};
  double last_weight = 1;
  for (const std::vector<double>& ratios : {std::vector<double>{10, 30}, {3, 10, 30, 100}, {1, 3, 10, 30, 100, 300, 1000}}) {
    const Fit fit = FitLaw(PlantedRuns(other, {3e7, 1e8, 3e8, 1e9, 3e9}, ratios), options).value();
    const double weight = FindPrior(fit)->evidence.at("weight");
    EXPECT_LT(weight, last_weight);
    EXPECT_GT(*fit.parameters[3].value.estimate, 0.25);
    EXPECT_LT(*fit.parameters[3].value.estimate, 0.3478);
    last_weight = weight;
  }
  EXPECT_LT(last_weight, 0.01);
}

TEST(PublishedPriorTest, IsRefusedWhereItMeansNothing) {
  const std::vector<Observation> runs = PlantedRuns(kHoffmann, {1e8, 1e9, 1e10}, {5, 20, 80});
  EXPECT_THAT(FitLaw(runs, {.published_prior = "nobody1999"}), StatusIs(StatusCode::kInvalidArgument, "hoffmann2022, besiroglu2024"));
  EXPECT_THAT(FitLaw(runs, {.law = "kaplan_nd", .published_prior = "hoffmann2022"}), StatusIs(StatusCode::kInvalidArgument, "published prior"));
  EXPECT_THAT(FitLaw(runs, {.priors = {{"alpha", {0.3, 0.1}}}, .published_prior = "hoffmann2022"}), StatusIs(StatusCode::kInvalidArgument, "beside"));
}

}  // namespace
}  // namespace isoflop
