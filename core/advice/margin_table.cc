#include "core/advice/margin_table.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>

#include "core/base/significant_digits.h"
#include "core/quantity/training_flops.h"

namespace isoflop {
namespace {

constexpr double kShare = 0.01;

// dL / d ln x of one thing.
using Slope = std::function<double(const RepeatedDataMargin&)>;

double SlopeOfCompute(const RepeatedDataMargin& margin) { return std::min(margin.loss_per_log_parameters, margin.loss_per_log_tokens); }

// A run, and the rows of its table.
struct Table {
  const LawEnsemble& ensemble;
  const CostModel& model;
  double n, d, u;
  double flops = TrainingFlops(n, d);
  std::vector<MarginRow> rows = {};

  RepeatedDataMargin MarginOf(const RepeatedDataLaw& law) const { return ComputeRepeatedDataMargin(law, n, d, u); }

  // `added_tokens`: new ones to be bought.
  void Add(std::string kind, double share, const Slope& slope, double added_flops, double added_tokens) {
    MarginRow row{.kind = std::move(kind), .added_share = RoundResult(share), .added_flops = RoundResult(added_flops)};
    row.loss_change = IntervalOf(ensemble, flops, [&](const RepeatedDataLaw& law) { return share * slope(MarginOf(law)); });
    const std::optional<RunPrices> prices = PricesOf(model);
    if (prices) row.added_price = RoundResult(added_flops * prices->per_training_flop + added_tokens * prices->per_token);
    if (row.added_price && *row.added_price > 0 && row.loss_change.estimate) {
      row.price_per_hundredth = RoundResult(0.01 * *row.added_price / -*row.loss_change.estimate);
    }
    rows.push_back(std::move(row));
  }

  // The row just added is no compute: what compute would buy the same.
  void AddWorth(const Slope& slope) {
    MarginRow& row = rows.back();
    row.worth_flops = IntervalOf(ensemble, flops, [&](const RepeatedDataLaw& law) {
      const RepeatedDataMargin margin = MarginOf(law);
      return row.added_share * slope(margin) / SlopeOfCompute(margin) * flops;
    });
    const std::optional<RunPrices> prices = PricesOf(model);
    if (prices && row.worth_flops.estimate) row.worth_price = RoundResult(*row.worth_flops.estimate * prices->per_training_flop);
  }
};

void AddData(Table& table) {
  const Slope tokens = [](const RepeatedDataMargin& margin) { return margin.loss_per_log_tokens; };
  const Slope unique = [](const RepeatedDataMargin& margin) { return margin.loss_per_log_unique_tokens; };
  const bool repeats = table.d > table.u;
  table.Add(repeats ? "epochs" : "tokens", kShare, tokens, kShare * table.flops, repeats ? 0 : kShare * table.d);
  if (repeats) {
    table.Add("unique_tokens", kShare, unique, 0, kShare * table.u);
    table.AddWorth(unique);
  }
  // Every token worth 1 % more: more of both.
  const Slope better = [](const RepeatedDataMargin& margin) { return margin.loss_per_log_tokens + margin.loss_per_log_unique_tokens; };
  table.Add("better_data", kShare, better, 0, 0);
  table.AddWorth(better);
}

void AddCompute(Table& table) {
  table.Add("compute", kShare, SlopeOfCompute, kShare * table.flops, 0);
  const std::optional<Devices> devices = DevicesOf(table.model);
  if (!devices || !table.model.gpu_count) return;
  table.Add("gpus", 1 / devices->count, SlopeOfCompute, table.flops / devices->count, 0);
  const double days = DaysOfTrainingFlops(*devices, table.flops);
  table.Add("days", 1 / days, SlopeOfCompute, table.flops / days, 0);
}

// What 1 % more money buys where it is split at its best.
void AddMoney(Table& table) {
  const std::optional<RunPrices> prices = PricesOf(table.model);
  if (!prices || table.d > table.u) return;  // Repeats have no price of their own to split.
  const double bill = ComputeBill(*prices, table.n, table.d).total();
  MarginRow row{.kind = "money", .added_share = kShare, .added_price = RoundResult(kShare * bill)};
  row.loss_change = IntervalOf(table.ensemble, table.flops, [&](const RepeatedDataLaw& law) {
    return kShare * ComputeBestForBill(law.base, *prices, bill).loss_per_log_bill;
  });
  if (row.loss_change.estimate) row.price_per_hundredth = RoundResult(0.01 * *row.added_price / -*row.loss_change.estimate);
  table.rows.push_back(std::move(row));
}

}  // namespace

std::vector<MarginRow> ComputeMarginTable(const LawEnsemble& ensemble, const CostModel& model, double parameter_count, double token_count) {
  Table table{ensemble, model, parameter_count, token_count, model.unique_token_count.value_or(token_count)};
  table.Add("parameters", kShare, [](const RepeatedDataMargin& margin) { return margin.loss_per_log_parameters; }, kShare * table.flops, 0);
  AddData(table);
  AddCompute(table);
  AddMoney(table);
  return std::move(table.rows);
}

}  // namespace isoflop
