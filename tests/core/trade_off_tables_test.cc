#include <gtest/gtest.h>

#include <cmath>

#include "core/advice/device_budget.h"
#include "core/advice/frontier_law.h"
#include "core/advice/iso_loss.h"
#include "core/advice/marginal_value.h"
#include "core/advice/repeated_data.h"
#include "core/advice/run_bill.h"
#include "core/advice/token_limited.h"
#include "core/law/published.h"
#include "core/quantity/training_flops.h"
#include "tests/testing/printed_digits.h"

namespace isoflop {
namespace {

// Tables of closed forms, computed by other programs (Python with 50 digits for the roots) from published constants. Every digit printed is
// compared.

// Hoffmann et al. 2022, as in the paper's source, and as printed but with four digits of the exponents.
const AdditiveLaw kUnrounded = {std::exp(0.5267228), std::exp(6.0073404), std::exp(6.0179186), 0.33917084, 0.2849083};
const AdditiveLaw kFourDigits = {1.69, 406.4, 410.7, 0.3392, 0.2849};
// Besiroglu et al. 2024 (arXiv:2404.10102): 240 runs, least absolute deviation; the same runs under Huber's loss; 234 of them.
const AdditiveLaw kRefit = {1.8172, 482.01, 2085.43, 0.3478, 0.3658};
const AdditiveLaw kHuberRefit = {1.817218, 477.826, 2143.417, 0.347310, 0.367172};
const AdditiveLaw kSubset = {1.78389, 442.164, 1271.81, 0.342626, 0.342002};

OptimalSplit Best(const AdditiveLaw& law, double flops) { return ComputeOptimalSplit(ComputeAllocationExponents(law), flops); }

TEST(TradeOffTablesTest, ConstantsOfTheFrontier) {
  const FrontierLaw frontier = ComputeFrontierLaw(kHoffmannRounded);
  const AllocationExponents split = ComputeAllocationExponents(kHoffmannRounded);
  EXPECT_THAT(split.parameter_coefficient * std::pow(6, split.parameter_exponent), Prints("1.34471064"));  // G
  EXPECT_THAT(frontier.exponent, Prints("0.153548387"));
  EXPECT_THAT(frontier.coefficient, Prints("1071.364916"));
  EXPECT_THAT(split.parameter_exponent, Prints("0.451613"));
  EXPECT_THAT(split.token_exponent, Prints("0.548387"));
  const ScaleUp tenfold = ComputeScaleUp(kHoffmannRounded, 10);
  EXPECT_THAT(tenfold.parameter_factor, Prints("2.82887"));
  EXPECT_THAT(tenfold.token_factor, Prints("3.53498"));
  EXPECT_THAT(tenfold.reducible_loss_factor, Prints("0.702185"));
  EXPECT_THAT(HalvingComputeFactor(frontier), Prints("91.3039"));
}

TEST(TradeOffTablesTest, ChinchillaAndGopherAtTheMargin) {
  const struct {
    double n, d;
    const char *flops, *loss, *per_n, *per_d, *elasticity_n, *elasticity_d, *equivalent, *wasted;
  } kTable[] = {{70e9, 1.4e12, "5.88e23", "1.93664547", "-.02838568", "-.04568429", "-.01465714", "-.02358939", "4.92009e23", ".163250"},
                {280e9, 300e9, "5.04e23", "1.99325846", "-.01771735", "-.07032161", "-.00888864", "-.03527972", "1.28095e23", ".745843"}};
  for (const auto& row : kTable) {
    const MarginalValue margin = ComputeMarginalValue(kHoffmannRounded, row.n, row.d);
    const double loss = PredictLoss(kHoffmannRounded, row.n, row.d);
    EXPECT_THAT(TrainingFlops(row.n, row.d), Prints(row.flops));
    EXPECT_THAT(loss, Prints(row.loss));
    EXPECT_THAT(margin.loss_per_log_parameters, Prints(row.per_n));
    EXPECT_THAT(margin.loss_per_log_tokens, Prints(row.per_d));
    EXPECT_THAT(margin.parameter_elasticity, Prints(row.elasticity_n));
    EXPECT_THAT(margin.token_elasticity, Prints(row.elasticity_d));
    EXPECT_THAT(ComputeEquivalent(ComputeFrontierLaw(kHoffmannRounded), loss), Prints(row.equivalent));
    EXPECT_THAT(WastedShare(kHoffmannRounded, row.n, row.d), Prints(row.wasted));
  }
}

TEST(TradeOffTablesTest, BestSplitOfEachBudget) {
  const struct {
    double flops;
    const char *n, *d, *ratio, *loss, *per_compute;
  } kTable[] = {{1e21, "1.82422e9", "9.13634e10", "50.0836", "2.32888294", "-.09809945"},
                {1e22, "5.16047e9", "3.22968e11", "62.5849", "2.13861408", "-.06888397"},
                {1e23, "1.45983e10", "1.14168e12", "78.2067", "2.00501013", "-.04836930"},
                {5.76e23, "3.21899e10", "2.98231e12", "92.6474", "1.93074810", "-.03696648"},
                {1e24, "4.12967e10", "4.03583e12", "97.7278", "1.91119542", "-.03396420"},
                {1e25, "1.16823e11", "1.42666e13", "122.122", "1.84532013", "-.02384916"}};
  const FrontierLaw frontier = ComputeFrontierLaw(kHoffmannRounded);
  for (const auto& row : kTable) {
    const OptimalSplit best = Best(kHoffmannRounded, row.flops);
    EXPECT_THAT(best.parameter_count, Prints(row.n));
    EXPECT_THAT(best.token_count, Prints(row.d));
    EXPECT_THAT(best.token_count / best.parameter_count, Prints(row.ratio));
    EXPECT_THAT(LeastLoss(frontier, row.flops), Prints(row.loss));
    EXPECT_THAT(PredictLoss(kHoffmannRounded, best.parameter_count, best.token_count), Prints(row.loss));
    EXPECT_THAT(LossPerLogCompute(frontier, row.flops), Prints(row.per_compute));
  }
}

TEST(TradeOffTablesTest, BestSizeAtGophersBudgetUnderSixLaws) {
  const struct {
    AdditiveLaw law;
    const char *n, *d;
  } kTable[] = {{kHoffmannRounded, "32.19e9", "2.98e12"}, {kUnrounded, "40.36e9", "2.379e12"}, {kFourDigits, "40.31e9", "2.382e12"},
                {kRefit, "72.25e9", "1.329e12"},          {kHuberRefit, "73.19e9", "1.312e12"}, {kSubset, "64.81e9", "1.481e12"}};
  for (const auto& row : kTable) {
    EXPECT_THAT(Best(row.law, 5.76e23).parameter_count, Prints(row.n));
    EXPECT_THAT(Best(row.law, 5.76e23).token_count, Prints(row.d));
    EXPECT_LT(PredictLoss(row.law, 70e9, 1.4e12), PredictLoss(row.law, 280e9, 3e11)) << "Chinchilla beats Gopher";
  }
  EXPECT_THAT(LeastLoss(ComputeFrontierLaw(kFourDigits), 5.76e23), Prints("1.9149871"));
}

TEST(TradeOffTablesTest, SizesOffTheBestAtGophersBudget) {
  const struct {
    double factor;
    const char *loss, *equivalent;
  } kTable[] = {{0.25, "1.95374415", "3.17975e23"}, {0.5, "1.93635240", "4.95834e23"}, {2, "1.93619904", "4.97849e23"}, {4, "1.95250001", "3.27919e23"}};
  for (const auto& row : kTable) {
    const double n = row.factor * Best(kHoffmannRounded, 5.76e23).parameter_count;
    const double loss = PredictLoss(kHoffmannRounded, n, TokenCountForBudget(5.76e23, n));
    EXPECT_THAT(loss, Prints(row.loss));
    EXPECT_THAT(ComputeEquivalent(ComputeFrontierLaw(kHoffmannRounded), loss), Prints(row.equivalent));
  }
}

TEST(TradeOffTablesTest, OneEpochOfLimitedData) {
  const TokenLimitedRun run = ComputeTokenLimitedRun(kHoffmannRounded, 5.76e23, 3e11);
  EXPECT_THAT(run.parameter_count, Prints("3.2e11"));
  EXPECT_THAT(run.loss_nats_per_token, Prints("1.99094554"));
  EXPECT_THAT(run.loss_per_log_compute, Prints("-.01693096"));
  EXPECT_THAT(run.loss_per_log_limit, Prints("-.05339064"));
}

TEST(TradeOffTablesTest, SharesOfAnArchive) {
  constexpr double kArchive = 1e13;
  const struct {
    double n, share;
    const char *loss, *elasticity_n, *elasticity_d;
  } kTable[] = {{20e9, 0.4, "1.93942539", "-.02240832", "-.01755629"}, {200e9, 0.04, "1.98013731", "-.01003199", "-.03276503"}};
  for (const auto& row : kTable) {
    const MarginalValue margin = ComputeMarginalValue(kHoffmannRounded, row.n, row.share * kArchive);
    EXPECT_THAT(TrainingFlops(row.n, row.share * kArchive), Prints("4.8e23"));
    EXPECT_THAT(PredictLoss(kHoffmannRounded, row.n, row.share * kArchive), Prints(row.loss));
    EXPECT_THAT(margin.parameter_elasticity, Prints(row.elasticity_n));
    EXPECT_THAT(margin.token_elasticity, Prints(row.elasticity_d));
  }
  const OptimalSplit best = Best(kHoffmannRounded, 4.8e23);
  EXPECT_THAT(best.parameter_count, Prints("29.6456e9"));
  EXPECT_THAT(100 * best.token_count / kArchive, Prints("26.9855"));
  EXPECT_THAT(PredictLoss(kHoffmannRounded, best.parameter_count, best.token_count), Prints("1.93758312"));
  const double small_loss = PredictLoss(kHoffmannRounded, 20e9, 4e12);
  EXPECT_THAT(TokenCountForLoss(kHoffmannRounded, 200e9, small_loss), Prints("7.97548e11"));
  EXPECT_NEAR(ParameterCountForLoss(kHoffmannRounded, 4e12, small_loss) / 20e9, 1, 1e-12);
  const double tie = TrainingFlopsOfTie(kHoffmannRounded, 20e9, 200e9);
  EXPECT_THAT(tie, Prints("2.49608e24"));
  for (double n : {20e9, 200e9}) EXPECT_THAT(PredictLoss(kHoffmannRounded, n, TokenCountForBudget(tie, n)), Prints("1.89446273"));
}

TEST(TradeOffTablesTest, CheapestModelOverItsLife) {
  const double chinchilla = PredictLoss(kHoffmannRounded, 70e9, 1.4e12);
  const struct {
    double loss, served;
    const char *n, *d, *ratio, *flops;
  } kTable[] = {{chinchilla, 0, "2.99783e10", "2.73537e12", "91.245", "4.92009e23"},
                {chinchilla, 1e12, "2.56655e10", "3.22018e12", "125.468", "5.47216e23"},
                {chinchilla, 1e13, "1.58494e10", "6.04923e12", "381.669", "8.92249e23"},
                {2, 0, "1.53032e10", "1.20896e12", "79.0009", "1.11006e23"},
                {2, 1e12, "1.15170e10", "1.65103e12", "143.356", "1.37123e23"},
                {2, 1e13, "6.48711e9", "3.88939e12", "599.557", "2.81128e23"}};
  for (const auto& row : kTable) {
    const PricedRun run = ComputeCheapestForLoss(kHoffmannRounded, {.served_token_count = row.served}, row.loss);
    EXPECT_THAT(run.parameter_count, Prints(row.n));
    EXPECT_THAT(run.token_count, Prints(row.d));
    EXPECT_THAT(run.token_count / run.parameter_count, Prints(row.ratio));
    EXPECT_THAT(run.bill.total(), Prints(row.flops));
    EXPECT_NEAR(run.loss_nats_per_token, row.loss, 1e-12);
  }
}

const RepeatedDataLaw kMuennighoff = {muennighoff::kBase, muennighoff::kTokenRepetitionScale, muennighoff::kParameterRepetitionScale};

TEST(TradeOffTablesTest, BestRunsOnRepeatedData) {
  const struct {
    double flops;
    const char *n, *d, *epochs, *loss, *at_4, *at_1, *free_n, *free_d, *free_loss, *per_unique, *per_compute;
  } kTable[] = {{1e23, "2.31071e10", "7.21278e11", "7.21278", "2.09711168", "2.10340092", "2.16656083", "2.91988e10", "5.70800e11", "2.08066579",
                 "-.022958", "-.028606"},
                {1e22, "8.57539e9", "1.94355e11", "1.94355", "2.18864136", "2.20188911", "2.19958411", "9.23346e9", "1.80503e11", "2.18629623",
                 "-.008120", "-.052180"},
                {1e24, "6.13718e10", "2.71569e12", "27.1569", "2.05335660", "2.09412828", "2.16648190", "9.23346e10", "1.80503e12",
                 "2.01031174", "-.044709", "-.010008"}};
  constexpr double kUnique = 1e11;
  for (const auto& row : kTable) {
    const RepeatedDataRun best = ComputeBestRepeatedRun(kMuennighoff, row.flops, kUnique);
    EXPECT_THAT(best.parameter_count, Prints(row.n));
    EXPECT_THAT(best.token_count, Prints(row.d));
    EXPECT_THAT(best.epoch_count, Prints(row.epochs));
    EXPECT_THAT(best.loss_nats_per_token, Prints(row.loss));
    EXPECT_THAT(best.loss_per_log_unique_tokens, Prints(row.per_unique));
    EXPECT_THAT(best.loss_per_log_compute, Prints(row.per_compute));
    EXPECT_THAT(ComputeRunAtEpochs(kMuennighoff, row.flops, kUnique, 4).loss_nats_per_token, Prints(row.at_4));
    EXPECT_THAT(ComputeRunAtEpochs(kMuennighoff, row.flops, kUnique, 1).loss_nats_per_token, Prints(row.at_1));
    const OptimalSplit free = Best(kMuennighoff.base, row.flops);
    EXPECT_THAT(free.parameter_count, Prints(row.free_n));
    EXPECT_THAT(free.token_count, Prints(row.free_d));
    EXPECT_THAT(PredictLoss(kMuennighoff.base, free.parameter_count, free.token_count), Prints(row.free_loss));
  }
  const AllocationExponents split = ComputeAllocationExponents(kMuennighoff.base);
  const double g = split.parameter_coefficient * std::pow(6, split.parameter_exponent);
  EXPECT_THAT(g, Prints(".22617272"));
  EXPECT_THAT(g * g, Prints(".05115410")) << "U_N / U, since alpha = beta";
}

// 2.5 an hour at 400 TFLOP/s.
constexpr Devices kDevices = {.count = 256, .flops_per_sec = 400e12, .price_per_hour = 2.5};

TEST(TradeOffTablesTest, BestRunForABill) {
  const struct {
    double price_per_billion_tokens;
    const char *n, *d, *loss, *data_share, *per_bill, *per_hundredth;
  } kTable[] = {{0, "6.48062e10", "1.48134e12", "1.95874111", "0", "-.0299270", "334147"},
                {100, "7.29794e10", "1.16252e12", "1.96282001", ".1163", "-.0325132", "307567"},
                {2000, "1.45489e11", "2.84453e11", "2.00395813", ".5689", "-.0526206", "190039"}};
  EXPECT_THAT(PricePerTrainingFlop(kDevices), Prints("1.73611e-18"));
  for (const auto& row : kTable) {
    const RunPrices prices = {.per_training_flop = PricePerTrainingFlop(kDevices), .per_token = row.price_per_billion_tokens / 1e9};
    const PricedRun run = ComputeBestForBill(kSubset, prices, 1e6);
    EXPECT_THAT(run.parameter_count, Prints(row.n));
    EXPECT_THAT(run.token_count, Prints(row.d));
    EXPECT_THAT(run.loss_nats_per_token, Prints(row.loss));
    EXPECT_THAT(run.bill.data / run.bill.total(), Prints(row.data_share));
    EXPECT_THAT(run.loss_per_log_bill, Prints(row.per_bill));
    EXPECT_THAT(BillPerHundredthOfLoss(run), Prints(row.per_hundredth));
    EXPECT_NEAR(run.bill.total(), 1e6, 1e-6);
  }
}

TEST(TradeOffTablesTest, AMonthOfDevices) {
  const double flops = TrainingFlopsOfDays(kDevices, 30);
  const OptimalSplit best = Best(kSubset, flops);
  EXPECT_THAT(flops, Prints("2.65421e23"));
  EXPECT_THAT(best.parameter_count, Prints("4.40075e10"));
  EXPECT_THAT(best.token_count, Prints("1.00521e12"));
  EXPECT_THAT(PredictLoss(kSubset, best.parameter_count, best.token_count), Prints("1.98353597"));
  EXPECT_THAT(LossPerLogCompute(ComputeFrontierLaw(kSubset), flops) / DaysOfTrainingFlops(kDevices, flops), Prints("-.00113903"));
  Devices powered = kDevices;
  powered.power_kw = 0.7;
  powered.electricity_price_per_kwh = 0.12;
  EXPECT_THAT(ElectricityPrice(powered, flops), Prints("15482.9"));
}

}  // namespace
}  // namespace isoflop
