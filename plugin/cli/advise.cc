#include "plugin/cli/advise.h"

#include <algorithm>
#include <iostream>
#include <memory>
#include <utility>

#include "absl/strings/str_format.h"
#include "core/advice/allocation.h"
#include "core/base/status.h"
#include "plugin/cli/exit_code.h"
#include "plugin/cli/input_file.h"
#include "plugin/cli/tables.h"
#include "plugin/cli/trade_offs_flags.h"
#include "plugin/cli/trade_offs_table.h"
#include "plugin/document/documents.h"
#include "plugin/document/trade_offs_document.h"

namespace isoflop {
namespace {

struct AdviseFlags {
  std::string fit_path;
  std::vector<double> budgets;
  std::string format = "table";
  TradeOffsFlags trade_offs;
  bool weigh = false;  // Any flag of trade-offs was given.
};

struct Answer {
  std::vector<Advice> advice;            // By budget.
  std::vector<TradeOffs> trade_offs;     // Likewise, where they were asked for.
  std::vector<TradeOffsQuestion> asked;  // Likewise.
};

absl::StatusOr<Answer> Weigh(const Fit& fit, const AdviseFlags& flags) {
  std::vector<TradeOffsQuestion> questions(std::max<size_t>(1, flags.budgets.size()), flags.trade_offs.question);
  for (size_t i = 0; i < flags.budgets.size(); ++i) questions[i].budget_flops = flags.budgets[i];
  Answer answer;
  for (TradeOffsQuestion& question : questions) {
    ASSIGN_OR_RETURN(TradeOffs one, WeighTradeOffs(fit, question));
    answer.advice.push_back(one.advice);
    answer.trade_offs.push_back(std::move(one));
    answer.asked.push_back(std::move(question));
  }
  return answer;
}

absl::StatusOr<Answer> RunAdvise(const AdviseFlags& flags) {
  ASSIGN_OR_RETURN(const std::string text, ReadInputFile(flags.fit_path));
  const absl::StatusOr<Fit> fit = ParseFitDocument(text);
  if (!fit.ok()) {
    return absl::InvalidArgumentError(absl::StrFormat("%s: %s", InputFileName(flags.fit_path), fit.status().message()));
  }
  if (flags.weigh) return Weigh(*fit, flags);
  if (flags.budgets.empty()) return absl::InvalidArgumentError("--budget is missing; no flag of trade-offs makes one either");
  Answer answer;
  for (double budget : flags.budgets) {
    ASSIGN_OR_RETURN(Advice one, AdviseAllocation(*fit, budget));
    answer.advice.push_back(std::move(one));
  }
  return answer;
}

int PrintAdvice(const AdviseFlags& flags) {
  const absl::StatusOr<Answer> answer = RunAdvise(flags);
  if (!answer.ok()) {
    std::cerr << "isoflop advise: " << answer.status().message() << "\n";
    return answer.status().code() == absl::StatusCode::kFailedPrecondition ? kThinEvidence : kWrongUse;
  }
  if (flags.format == "json") {
    nlohmann::ordered_json document = AdviceDocument(answer->advice);
    for (size_t i = 0; i < answer->trade_offs.size(); ++i) {
      document["trade_offs"].push_back(TradeOffsObject(answer->trade_offs[i], answer->asked[i], {}));
    }
    std::cout << document.dump() << "\n";
  } else {
    std::cout << AdviceTable(answer->advice);
    for (const TradeOffs& one : answer->trade_offs) std::cout << TradeOffsTable(one);
  }
  return kDone;
}

}  // namespace

void AddAdviseCommand(CLI::App& app, int* exit_code) {
  auto flags = std::make_shared<AdviseFlags>();
  CLI::App* command = app.add_subcommand("advise", "Say how to spend a training budget");
  command->add_option("--fit", flags->fit_path, "What `isoflop fit --format json` printed; - reads standard input")->required();
  command->add_option("--budget", flags->budgets, "Training compute in FLOPs, such as 1e21,1e22")->delimiter(',');
  AddTradeOffsFlags(*command, flags->trade_offs);
  command->add_option("--format", flags->format, "table or json")->capture_default_str()->check(CLI::IsMember({"table", "json"}));
  command->footer(
      "Example:\n  isoflop fit runs.csv --format json | isoflop advise --fit - --budget 1e21,1e22\n"
      "  isoflop advise --fit fit.json --gpu-count 256 --gpu-flops 989e12 --utilisation .4 --days 30 --gpu-price 2.5 --token-price 100\n"
      "  isoflop advise --fit fit.json --budget 1e23 --unique-tokens 2e11\n"
      "  isoflop advise --fit fit.json --budget 1e23 --target-loss 2.0 --served-tokens 1e13 --parameters 7e9,13e9,34e9\n\n"
      "Exit codes: 0 done, 2 wrong use or bad input, 3 the fit cannot support advice.");
  command->callback([flags, command, exit_code] {
    flags->weigh = flags->trade_offs.given(*command);
    *exit_code = PrintAdvice(*flags);
  });
}

}  // namespace isoflop
