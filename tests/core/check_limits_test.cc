#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "core/advice/find_root.h"
#include "core/advice/frontier_law.h"
#include "core/advice/iso_loss.h"
#include "core/check/check_run.h"
#include "core/quantity/training_flops.h"
#include "tests/testing/runs.h"
#include "tests/testing/status_matchers.h"

namespace isoflop {
namespace {

using std::chrono::sys_days;
using testing::ElementsAreArray;

const AdditiveLaw kLaw = {1.69, 406.4, 410.7, .34, .28};  // Hoffmann et al. 2022 (arXiv:2203.15556), equation (10).
constexpr double kRepetitionScale = 15.387;               // Muennighoff et al. 2023 (arXiv:2305.16264), section 6.
constexpr double kLargest = 6 * 4e9 * 320e9, kSmallest = 6 * 6.25e7 * 3.125e8;  // FLOPs of the runs below.

// Runs without noise of that law, so that the fit is the law itself: 62.5 M to 4 B parameters, 5 to 80 tokens per parameter.
Fit PlantedFit() {
  static const Fit* const kFit = [] {
    const auto runs = PlantedRuns(kLaw, {6.25e7, 1.25e8, 2.5e8, 5e8, 1e9, 2e9, 4e9}, {5, 10, 20, 40, 80});
    return new Fit(FitLaw(runs, {.replica_count = 0}).value());
  }();
  return *kFit;
}

// A fit of a learning rate or batch size that is the same for every run, of which half to twice are as good.
Fit ConstantHyperparameter(const std::string& law, double value) {
  Fit fit{.law = law, .region = PlantedFit().region, .near_optimal = NearOptimalBand{.5, 2, 5}};
  for (const auto& [symbol, estimate] : {std::pair{"k0", std::log(value)}, {"k_N", 0.0}, {"k_D", 0.0}}) {
    fit.parameters.push_back({.symbol = symbol, .value = {.estimate = estimate}});
  }
  return fit;
}

// One check: a plan, what it is judged by, and what must come of it.
struct Row {
  std::string name;
  PlannedRun run;
  Fit fit = PlantedFit();
  std::vector<Fit> hyperparameter_fits = {};
  CheckOptions options = {};
  std::vector<FindingCode> expected = {};
};

std::vector<Row>& operator+=(std::vector<Row>& rows, Row row) {
  rows.push_back(std::move(row));
  return rows;
}

PlannedRun Plan(double parameter_count, double token_count) { return {.parameter_count = parameter_count, .token_count = token_count}; }

// A run that nothing is wrong with: the best split of a budget within the runs' and none of theirs.
OptimalSplit Best(double flops = 1e21) { return ComputeOptimalSplit(ComputeAllocationExponents(kLaw), flops); }
PlannedRun Good() { return Plan(Best().parameter_count, Best().token_count); }

// The size over the best one that wastes a share of 1e21 FLOPs.
double SizeWasting(const AdditiveLaw& law, double share) {
  const double best = ComputeOptimalSplit(ComputeAllocationExponents(law), 1e21).parameter_count;
  return best * std::exp(FindRoot([&](double k) { return WastedShare(law, best * std::exp(k), TokenCountForBudget(1e21, best * std::exp(k))) - share; }, 0.0, 3.0));
}
PlannedRun Wasting(double share) {
  const double n = SizeWasting(kLaw, share);
  return Plan(n, TokenCountForBudget(1e21, n));
}

Policy WithLimit(FindingCode code, std::string_view name, double value) {
  Policy policy;
  policy.set_limit(code, name, value);
  return policy;
}

// The two sides of each limit: a thousandth within it and a thousandth past it, where the limit is a figure.
constexpr double kInside = 0.999, kOutside = 1.001;

void AddOptimum(std::vector<Row>& rows) {
  const auto code = FindingCode::kOffOptimum;
  rows += {.name = "wastes .2499", .run = Wasting(.25 * kInside)};
  rows += {.name = "wastes .2501", .run = Wasting(.25 * kOutside), .expected = {code}};
  const PlannedRun wasteful = Wasting(.4);
  const double given_up = PredictLoss(kLaw, *wasteful.parameter_count, *wasteful.token_count) - LeastLoss(ComputeFrontierLaw(kLaw), 1e21);
  for (const auto& [limit, value] : {std::pair{"wasted_training_flops", .4e21}, {"loss_given_up", given_up}}) {
    rows += {.name = std::string("below the least ") + limit, .run = wasteful, .options = {.policy = WithLimit(code, limit, value * kOutside)}};
    rows += {.name = std::string("over the least ") + limit, .run = wasteful, .options = {.policy = WithLimit(code, limit, value * kInside)}, .expected = {code}};
  }
  PlannedRun priced = wasteful;
  priced.cost_model = {.gpu_count = 8, .gpu_flops_per_sec = 4e14, .gpu_price_per_hour = 2};
  const double wasted_price = .4e21 / 4e14 / 3600 * 2;
  rows += {.name = "below the least wasted_price", .run = priced, .options = {.policy = WithLimit(code, "wasted_price", wasted_price * kOutside)}};
  rows += {.name = "over the least wasted_price", .run = priced, .options = {.policy = WithLimit(code, "wasted_price", wasted_price * kInside)}, .expected = {code}};
}

void AddServing(std::vector<Row>& rows) {
  // The best split of training alone, once it serves many tokens: with M = 6 N D + 2 N D_inf and Sardana et al.'s least M*.
  const OptimalSplit best = Best();
  const auto wasted = [&](double served) {
    const RunPrices prices{.served_token_count = served};
    const double loss = PredictLoss(kLaw, best.parameter_count, best.token_count);
    return 1 - ComputeCheapestForLoss(kLaw, prices, loss).bill.total() / ComputeBill(prices, best.parameter_count, best.token_count).total();
  };
  const double served = std::exp(FindRoot([&](double log_served) { return wasted(std::exp(log_served)) - .25; }, std::log(1e10), std::log(1e14)));
  for (const auto& [factor, found] : {std::pair{kInside, false}, {kOutside, true}}) {
    PlannedRun run = Good();
    run.cost_model.served_token_count = served * factor;
    rows += {.name = found ? "serves too much for its size" : "serves just as much", .run = run, .expected = found ? std::vector{FindingCode::kOffServingOptimum} : std::vector<FindingCode>{}};
  }
}

// By the fitted law the plan is the best; another law finds it wasteful.
void AddNotSettled(std::vector<Row>& rows) {
  const auto code = FindingCode::kOptimumNotSettled;
  for (const auto& [share, found] : {std::pair{.25 * kInside, false}, {.25 * kOutside, true}}) {
    // The same law for models `k` times as large: A and G change, and the best sizes with them.
    const double k = Best().parameter_count / SizeWasting(kLaw, share);
    AdditiveLaw other = kLaw;
    other.parameter_loss_coefficient *= std::pow(k, kLaw.parameter_loss_exponent);
    other.token_loss_coefficient *= std::pow(k, -kLaw.token_loss_exponent);
    Fit fit = PlantedFit();
    const std::vector<double> values = {other.irreducible_loss, other.parameter_loss_coefficient, other.token_loss_coefficient, kLaw.parameter_loss_exponent,
                                        kLaw.token_loss_exponent};
    fit.drift_weighted = DriftWeightedLaw{.estimates = values, .weight_sum = 20};
    rows += {.name = found ? "wasteful by the drift-weighted law alone" : "good by both laws", .run = Good(), .fit = fit, .expected = found ? std::vector{code} : std::vector<FindingCode>{}};
    // A replica of the fitted law that finds less waste: the interval then reaches below the limit.
    Fit doubtful = PlantedFit();
    doubtful.replicas.assign(40, {kLaw.irreducible_loss, kLaw.parameter_loss_coefficient, kLaw.token_loss_coefficient, kLaw.parameter_loss_exponent, kLaw.token_loss_exponent});
    if (found) std::fill_n(doubtful.replicas.begin(), 4, std::vector{kLaw.irreducible_loss, 2 * kLaw.parameter_loss_coefficient, kLaw.token_loss_coefficient, .34, .28});
    rows += {.name = found ? "an interval reaches below the limit" : "an interval lies past the limit", .run = Wasting(.26), .fit = doubtful,
             .expected = {found ? code : FindingCode::kOffOptimum}};
  }
}

void AddReach(std::vector<Row>& rows) {
  const auto at = [](double flops) { return Plan(Best(flops).parameter_count, Best(flops).token_count); };
  rows += {.name = "just under 10 times the largest run", .run = at(10 * kLargest * kInside)};
  rows += {.name = "just over 10 times the largest run", .run = at(10 * kLargest * kOutside), .expected = {FindingCode::kExtrapolation}};
  rows += {.name = "just under 100 times the largest run", .run = at(100 * kLargest * kInside), .expected = {FindingCode::kExtrapolation}};
  rows += {.name = "just over 100 times the largest run", .run = at(100 * kLargest * kOutside), .expected = {FindingCode::kBeyondEvidence}};
  rows += {.name = "just over a tenth of the smallest run", .run = at(.1 * kSmallest * kOutside)};
  rows += {.name = "just under a tenth of the smallest run", .run = at(.1 * kSmallest * kInside), .expected = {FindingCode::kBelowRuns}};
  // Ratios of the runs: 5 to 80. Such plans are off the optimum; that is switched off.
  CheckOptions ratios_only;
  ratios_only.policy.set_severity(FindingCode::kOffOptimum, FindingSeverity::kOff);
  for (const double ratio : {160 * kInside, 160 * kOutside, 2.5 * kInside, 2.5 * kOutside}) {
    const double n = std::sqrt(1e21 / 6 / ratio);
    const bool found = ratio > 160 || ratio < 2.5;
    rows += {.name = "D/N of " + std::to_string(ratio), .run = Plan(n, ratio * n), .options = ratios_only,
             .expected = found ? std::vector{FindingCode::kTokensPerParameter} : std::vector<FindingCode>{}};
  }
  for (const double factor : {2 * kInside, 2 * kOutside, .5 * kInside, .5 * kOutside}) {
    PlannedRun run = Good();
    run.training_flops = factor * 1e21;
    rows += {.name = "FLOPs over 6ND of " + std::to_string(factor), .run = run,
             .expected = factor > 2 || factor < .5 ? std::vector{FindingCode::kFlopsDisagree} : std::vector<FindingCode>{}};
  }
}

void AddData(std::vector<Row>& rows) {
  for (const double epochs : {4 * kInside, 4 * kOutside}) {
    PlannedRun run = Good();
    run.cost_model.unique_token_count = *run.token_count / epochs;
    rows += {.name = "epochs: " + std::to_string(epochs), .run = run, .expected = epochs > 4 ? std::vector{FindingCode::kRepeatedData} : std::vector<FindingCode>{}};
  }
  // exp(-(epochs - 1) / R_D) = 1/4. Repeated that often, the tokens are also worth less than a best split's.
  CheckOptions repeats_only;
  for (const FindingCode code : {FindingCode::kOffOptimum, FindingCode::kRepeatedData}) repeats_only.policy.set_severity(code, FindingSeverity::kOff);
  for (const double factor : {kInside, kOutside}) {
    PlannedRun run = Good();
    run.cost_model.unique_token_count = *run.token_count / (1 + factor * kRepetitionScale * std::log(4));
    rows += {.name = "the last epoch's worth: " + std::to_string(factor), .run = run, .options = repeats_only,
             .expected = factor > 1 ? std::vector{FindingCode::kRepeatsWorthless} : std::vector<FindingCode>{}};
  }
  for (const double factor : {1.0099, 1.0101, .9901, .9899}) {
    const bool found = std::abs(factor - 1) < .01;
    rows += {.name = "size over a run's: " + std::to_string(factor), .run = Plan(2e9 * factor, 8e10), .options = {.policy = WithLimit(FindingCode::kNoInformation, "narrowing", 0)},
             .expected = found ? std::vector{FindingCode::kDuplicateRun} : std::vector<FindingCode>{}};
    rows += {.name = "tokens over a run's: " + std::to_string(factor), .run = Plan(2e9, 8e10 * factor), .options = {.policy = WithLimit(FindingCode::kNoInformation, "narrowing", 0)},
             .expected = found ? std::vector{FindingCode::kDuplicateRun} : std::vector<FindingCode>{}};
  }
  const Fit fit = PlantedFit();
  const double narrowing = *Evidence(fit).Narrowing(Best().parameter_count, Best().token_count);
  rows += {.name = "teaches just enough", .run = Good(), .options = {.policy = WithLimit(FindingCode::kNoInformation, "narrowing", narrowing * kInside)}};
  rows += {.name = "teaches too little", .run = Good(), .options = {.policy = WithLimit(FindingCode::kNoInformation, "narrowing", narrowing * kOutside)}, .expected = {FindingCode::kNoInformation}};
}

// A run that is launched for what it teaches is not judged by its size and its ratio, but still by the rest.
void AddEvidence(std::vector<Row>& rows) {
  const double n = std::sqrt(1e21 / 6 / 170);
  PlannedRun wasteful = Wasting(.4), odd = Plan(n, 170 * n), serving = Good(), far = Plan(Best(11 * kLargest).parameter_count, Best(11 * kLargest).token_count), idle = Good();
  serving.cost_model.served_token_count = 1e14;
  for (PlannedRun* const run : {&wasteful, &odd, &serving, &far, &idle}) run->for_evidence = true;
  rows += {.name = "evidence of a wasteful size", .run = wasteful};
  rows += {.name = "evidence of a ratio that no run has", .run = odd};
  rows += {.name = "evidence that would serve much", .run = serving};
  rows += {.name = "evidence far past the runs", .run = far, .expected = {FindingCode::kExtrapolation}};
  // Below the runs it is cheap; past the largest one it may teach nothing either, which is no loss where its model is wanted.
  PlannedRun small = Plan(Best(kSmallest / 20).parameter_count, Best(kSmallest / 20).token_count), large = Plan(Best(2 * kLargest).parameter_count, Best(2 * kLargest).token_count);
  const CheckOptions strict{.policy = WithLimit(FindingCode::kNoInformation, "narrowing", 1)};
  rows += {.name = "a large model that teaches little", .run = large, .options = strict};
  small.for_evidence = large.for_evidence = true;
  rows += {.name = "evidence far below the runs", .run = small, .options = {.policy = WithLimit(FindingCode::kNoInformation, "narrowing", 0)}};
  rows += {.name = "large evidence that teaches little", .run = large, .options = strict, .expected = {FindingCode::kNoInformation}};
  rows += {.name = "evidence that teaches too little", .run = idle, .options = {.policy = WithLimit(FindingCode::kNoInformation, "narrowing", 1)},
           .expected = {FindingCode::kNoInformation}};
}

void AddHyperparameters(std::vector<Row>& rows) {
  // Half to twice the predicted are as good; 1.5 times past that is the limit.
  for (const double factor : {3 * kInside, 3 * kOutside, kInside / 3, kOutside / 3}) {
    const bool found = factor > 3 || factor < 1.0 / 3;
    PlannedRun fast = Good(), wide = Good();
    fast.learning_rate = 1e-3 * factor;
    wide.batch_token_count = 1e6 * factor;
    rows += {.name = "learning rate times " + std::to_string(factor), .run = fast, .hyperparameter_fits = {ConstantHyperparameter("learning_rate", 1e-3)},
             .expected = found ? std::vector{FindingCode::kLearningRate} : std::vector<FindingCode>{}};
    rows += {.name = "batch times " + std::to_string(factor), .run = wide, .hyperparameter_fits = {ConstantHyperparameter("batch_size", 1e6)},
             .expected = found ? std::vector{FindingCode::kBatchSize} : std::vector<FindingCode>{}};
  }
}

void AddCosts(std::vector<Row>& rows) {
  // 1e21 FLOPs on 8 GPUs of 4e14 FLOP/s: 86.8 hours of 8, at 2 an hour and GPU, and .5 per 1e9 tokens.
  PlannedRun priced = Good();
  priced.cost_model = {.gpu_count = 8, .gpu_flops_per_sec = 1e15, .utilisation = .4, .gpu_price_per_hour = 2, .price_per_billion_tokens = .5};
  const double gpu_hours = 1e21 / 4e14 / 3600, price = 2 * gpu_hours + .5 * *priced.token_count / 1e9;
  for (const double factor : {kInside, kOutside}) {
    const bool found = factor > 1;
    PlannedRun flops = Good(), money = priced, time = priced;
    flops.budget_flops = 1e21 / factor;
    money.budget_price = price / factor;
    time.cost_model.days = gpu_hours / 8 / 24 / factor;
    const auto expected = [&](FindingCode code) { return found ? std::vector{code} : std::vector<FindingCode>{}; };
    rows += {.name = "FLOPs over the budget's: " + std::to_string(factor), .run = flops, .expected = expected(FindingCode::kOverBudget)};
    rows += {.name = "price over the budget: " + std::to_string(factor), .run = money, .expected = expected(FindingCode::kOverBudget)};
    rows += {.name = "days over those there are: " + std::to_string(factor), .run = time, .expected = expected(FindingCode::kLate)};
    PlannedRun tolerated = time;
    tolerated.cost_model.days = gpu_hours / 8 / 24 / 2;
    rows += {.name = "days over what is tolerated: " + std::to_string(factor), .run = tolerated, .options = {.policy = WithLimit(FindingCode::kLate, "over_share", 1 / factor)},
             .expected = expected(FindingCode::kLate)};
  }
}

void AddTrust(std::vector<Row>& rows) {
  for (const Severity severity : {Severity::kWarning, Severity::kError}) {
    Fit fit = PlantedFit();
    fit.diagnostics.push_back({.code = "NOISY", .severity = severity});
    rows += {.name = std::string("a diagnostic of ") + std::string(SeverityName(severity)), .run = Good(), .fit = fit,
             .expected = severity == Severity::kError ? std::vector{FindingCode::kLawNotTrusted} : std::vector<FindingCode>{}};
  }
  rows += {.name = "no law", .run = Good(), .fit = Fit{}, .expected = {FindingCode::kLawNotTrusted}};
  PlannedRun other = Good();
  other.parameter_convention = ParameterConvention::kNonEmbedding;
  rows += {.name = "counted as the fit does", .run = Good()};
  rows += {.name = "counted otherwise", .run = other, .expected = {FindingCode::kMixedConventions}};
  // From its architecture, both counts follow.
  PlannedRun counted = other;
  counted.architecture = Architecture{.layer_count = 24, .model_width = 2048, .vocabulary_size = 50257, .tied_embeddings = true};
  counted.parameter_count.reset();
  counted.token_count = 1e11;
  rows += {.name = "counted otherwise, with its architecture", .run = counted};
  CheckOptions dated;
  dated.policy.set_limit(FindingCode::kFitTooOld, "age_days", 30);
  dated.now = sys_days(std::chrono::January / 31 / 2027);
  for (const int seconds : {0, 1}) {
    dated.fit_time = dated.now - std::chrono::days(30) - std::chrono::seconds(seconds);
    rows += {.name = "30 days and " + std::to_string(seconds) + " s old", .run = Good(), .options = dated,
             .expected = seconds > 0 ? std::vector{FindingCode::kFitTooOld} : std::vector<FindingCode>{}};
  }
  dated.fit_time.reset();
  rows += {.name = "of unknown age", .run = Good(), .options = dated, .expected = {FindingCode::kFitTooOld}};
}

void AddWaivers(std::vector<Row>& rows) {
  PlannedRun waived = Wasting(.4);
  waived.waivers = {{.code = "OFF_OPTIMUM", .reason = "ablation", .until = std::chrono::January / 31 / 2027}};
  CheckOptions options;
  options.now = sys_days(std::chrono::January / 31 / 2027) + std::chrono::hours(24) - std::chrono::seconds(1);
  rows += {.name = "waived to the last second", .run = waived, .options = options, .expected = {FindingCode::kOffOptimum}};
  options.now += std::chrono::seconds(1);
  rows += {.name = "waived a second ago", .run = waived, .options = options, .expected = {FindingCode::kOffOptimum, FindingCode::kWaiverExpired}};
  PlannedRun useless = Good();
  useless.waivers = waived.waivers;
  options.now -= std::chrono::days(1);
  rows += {.name = "a waiver of nothing", .run = useless, .options = options, .expected = {FindingCode::kWaiverUnused}};
}

std::vector<FindingCode> CodesOf(const RunCheck& check) {
  std::vector<FindingCode> codes;
  for (const Finding& finding : check.findings) codes.push_back(finding.code);
  return codes;
}

RunCheck Check(const Row& row) {
  std::vector<const Fit*> fits;
  for (const Fit& fit : row.hyperparameter_fits) fits.push_back(&fit);
  return CheckRun(row.run, Evidence(row.fit, fits), row.options);
}

TEST(CheckRunTest, EachFindingComesJustPastItsLimitAndNotJustWithinIt) {
  std::vector<Row> rows;
  for (const auto& add : {AddOptimum, AddServing, AddNotSettled, AddReach, AddData, AddEvidence, AddHyperparameters, AddCosts, AddTrust, AddWaivers}) add(rows);
  EXPECT_GE(rows.size(), 40u);
  std::vector<bool> seen(kFindingCodeCount, false);
  for (const Row& row : rows) {
    const RunCheck check = Check(row);
    EXPECT_THAT(CodesOf(check), ElementsAreArray(row.expected)) << row.name << (check.findings.empty() ? "" : ": " + check.findings.front().message);
    for (const FindingCode code : row.expected) seen[static_cast<size_t>(code)] = true;
    for (const Finding& finding : check.findings) {
      EXPECT_FALSE(finding.message.empty() || finding.reason.empty()) << row.name;
      EXPECT_EQ(finding.severity, row.options.policy.severity(finding.code)) << row.name;
    }
  }
  for (int code = 0; code < kFindingCodeCount; ++code) EXPECT_TRUE(seen[static_cast<size_t>(code)]) << InfoOf(static_cast<FindingCode>(code)).name;
}

}  // namespace
}  // namespace isoflop
