#include "plugin/cli/trade_offs_flags.h"

#include <iostream>

#include "absl/strings/str_cat.h"
#include "core/base/status.h"
#include "plugin/cli/convert_runs.h"
#include "plugin/cli/csv_runs.h"
#include "plugin/cli/input_file.h"

namespace isoflop {
namespace {

constexpr char kGroup[] = "Trade-offs";

}  // namespace

bool TradeOffsFlags::given(const CLI::App& command) const {
  for (const CLI::Option* option : command.get_options()) {
    if (option->get_group() == kGroup && option->count() > 0) return true;
  }
  return false;
}

void AddTradeOffsFlags(CLI::App& command, TradeOffsFlags& flags) {
  TradeOffsQuestion& question = flags.question;
  CostModel& model = question.model;
  const auto number = [&](const char* name, std::optional<double>& value, const char* help) { command.add_option(name, value, help)->group(kGroup); };
  const auto list = [&](const char* name, std::vector<double>& values, const char* help) {
    command.add_option(name, values, help)->delimiter(',')->group(kGroup);
  };
  command.add_flag("--trade-offs", flags.all, "What more of each buys, other sizes, more compute for a run, when to stop")->group(kGroup);
  list("--parameters", question.parameter_counts, "Fix the size, such as 7e9; without a budget, for the compute that it is best for; several, such as 7e9,13e9: a menu, each at the budget");
  list("--tokens", question.token_counts, "Fix the tokens; with one --parameters, the run to judge; several: a menu");
  command
      .add_option("--menu", flags.menu_path,
                  "CSV of models to choose among at the budget: N, or columns that describe the network (n_layer, hidden_size, ...), and name if wanted; - "
                  "reads standard input")
      ->group(kGroup);
  number("--max-tokens", question.greatest_token_count, "Most tokens that a rate or the largest useful batch lets through in time");
  number("--target-loss", question.target_loss_nats_per_token, "Find the cheapest way to this loss, nats/token");
  number("--unique-tokens", model.unique_token_count, "All the training data there is, in tokens: more is repeated");
  number("--served-tokens", model.served_token_count, "Tokens to serve over the model's life: find the size that is cheapest by then");
  command
      .add_option("--hyperparameters", flags.hyperparameter_paths,
                  "Learning rate and batch size of the plan, by what `isoflop fit --law learning_rate --format json`, or batch_size, printed")
      ->delimiter(',')
      ->group(kGroup);
  number("--bill", question.bill, "Spend this much money instead of a --budget, split at its best between compute and data");
  number("--gpu-count", model.gpu_count, "GPUs at hand");
  number("--gpu-flops", model.gpu_flops_per_sec, "FLOP/s of one GPU, such as 989e12");
  number("--utilisation", model.utilisation, "Part of --gpu-flops that training reaches, such as .4; without it, 1");
  number("--days", model.days, "Days until the deadline: with --gpu-count and --gpu-flops, the budget");
  number("--gpu-price", model.gpu_price_per_hour, "Price of one GPU for an hour, in any currency");
  number("--gpu-power", model.gpu_power_kw, "Power of one GPU with its cooling, kW");
  number("--electricity-price", model.electricity_price_per_kwh, "Price of a kWh, besides --gpu-price");
  number("--token-price", model.price_per_billion_tokens, "Price of 1e9 new training tokens");
}

absl::StatusOr<std::vector<MenuModel>> ReadMenu(const std::string& path, ParameterConvention convention) {
  std::vector<MenuModel> menu;
  if (path.empty()) return menu;
  ASSIGN_OR_RETURN(const std::string text, ReadInputFile(path));
  const CsvOptions options = {.needed = {Quantity::kParameterCount}, .architecture_convention = convention};
  ASSIGN_OR_RETURN(CsvRuns table, ReadCsvRuns(text, InputFileName(path), options));
  if (table.convention != convention && !table.observations.empty()) {
    ASSIGN_OR_RETURN(const std::vector<Diagnostic> converted, ConvertRuns({.convention = convention}, table));
    for (const Diagnostic& found : converted) std::cerr << "isoflop advise: " << InputFileName(path) << ": " << found.message << "\n";
  }
  for (const BadCell& cell : table.bad_cells) {
    return absl::InvalidArgumentError(absl::StrCat(InputFileName(path), ":", cell.line, ": ", cell.column, ": ", cell.rule));
  }
  for (const Observation& model : table.observations) {
    const auto name = model.labels.find("name");
    menu.push_back({.name = name == model.labels.end() ? "" : name->second, .parameter_count = model.parameter_count});
  }
  if (menu.empty()) return absl::InvalidArgumentError(absl::StrCat(InputFileName(path), ": no model"));
  return menu;
}

}  // namespace isoflop
