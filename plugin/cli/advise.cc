#include "plugin/cli/advise.h"

#include <algorithm>
#include <iostream>
#include <memory>
#include <utility>

#include "absl/strings/str_format.h"
#include "core/advice/allocation.h"
#include "core/base/status.h"
#include "plugin/cli/advise_next_runs.h"
#include "plugin/cli/exit_code.h"
#include "plugin/cli/input_file.h"
#include "plugin/cli/output_file.h"
#include "plugin/cli/tables.h"
#include "plugin/cli/trade_offs_flags.h"
#include "plugin/cli/trade_offs_table.h"
#include "plugin/document/documents.h"
#include "plugin/document/next_runs_document.h"
#include "plugin/document/trade_offs_document.h"

namespace isoflop {
namespace {

struct AdviseFlags {
  std::string fit_path;
  std::vector<double> budgets;
  std::string format = "table";
  TradeOffsFlags trade_offs;
  NextRunsFlags next_runs;
  bool weigh = false;  // Any flag of trade-offs was given.
};

struct Answer {
  std::vector<Advice> advice;            // By budget.
  std::vector<TradeOffs> trade_offs;     // Likewise, where they were asked for.
  std::vector<TradeOffsQuestion> asked;  // Likewise.
  std::optional<NextRunsAdvice> next_runs;  // Where asked for.
};

absl::StatusOr<Fit> ReadFit(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string text, ReadInputFile(path));
  absl::StatusOr<Fit> fit = ParseFitDocument(text);
  if (fit.ok()) return fit;
  return absl::InvalidArgumentError(absl::StrFormat("%s: %s", InputFileName(path), fit.status().message()));
}

absl::StatusOr<Answer> Weigh(const Fit& fit, const AdviseFlags& flags) {
  std::vector<TradeOffsQuestion> questions(std::max<size_t>(1, flags.budgets.size()), flags.trade_offs.question);
  for (size_t i = 0; i < flags.budgets.size(); ++i) questions[i].budget_flops = flags.budgets[i];
  std::vector<Fit> tuned;
  for (const std::string& path : flags.trade_offs.hyperparameter_paths) {
    ASSIGN_OR_RETURN(Fit one, ReadFit(path));
    tuned.push_back(std::move(one));
  }
  Answer answer;
  for (TradeOffsQuestion& question : questions) {
    for (const Fit& one : tuned) question.hyperparameter_fits.push_back(&one);
    ASSIGN_OR_RETURN(TradeOffs one, WeighTradeOffs(fit, question));
    answer.advice.push_back(one.advice);
    answer.trade_offs.push_back(std::move(one));
    question.hyperparameter_fits.clear();
    answer.asked.push_back(std::move(question));
  }
  return answer;
}

absl::StatusOr<Answer> AdviseBudgets(const Fit& fit, const AdviseFlags& flags) {
  if (flags.budgets.empty()) return absl::InvalidArgumentError("--budget is missing; no flag of trade-offs makes one either");
  Answer answer;
  for (double budget : flags.budgets) {
    ASSIGN_OR_RETURN(Advice one, AdviseAllocation(fit, budget));
    answer.advice.push_back(std::move(one));
  }
  return answer;
}

absl::StatusOr<Answer> RunAdvise(const AdviseFlags& flags) {
  ASSIGN_OR_RETURN(const Fit fit, ReadFit(flags.fit_path));
  std::optional<NextRunsAdvice> next_runs;
  if (flags.next_runs.asked) {
    ASSIGN_OR_RETURN(next_runs, RunNextRuns(flags.next_runs, fit, flags.budgets));
    // Without a law, what to launch is all that can be said.
    if (!fit.answers() || (flags.budgets.empty() && !flags.weigh)) return Answer{.next_runs = std::move(next_runs)};
  }
  ASSIGN_OR_RETURN(Answer answer, flags.weigh ? Weigh(fit, flags) : AdviseBudgets(fit, flags));
  answer.next_runs = std::move(next_runs);
  return answer;
}

absl::Status Print(const AdviseFlags& flags, const Answer& answer) {
  const std::string& plan_path = flags.next_runs.plan_path;
  if (plan_path == "-") {
    std::cout << NextRunsPlanText(*answer.next_runs);
    return absl::OkStatus();
  }
  if (!plan_path.empty()) RETURN_IF_ERROR(WriteOutputFile(plan_path, NextRunsPlanText(*answer.next_runs)));
  if (flags.format == "json") {
    nlohmann::ordered_json document = AdviceDocument(answer.advice);
    for (size_t i = 0; i < answer.trade_offs.size(); ++i) {
      document["trade_offs"].push_back(TradeOffsObject(answer.trade_offs[i], answer.asked[i], {}));
    }
    if (answer.next_runs) document["next_runs"] = NextRunsDocument(*answer.next_runs);
    std::cout << document.dump() << "\n";
    return absl::OkStatus();
  }
  if (!answer.advice.empty()) std::cout << AdviceTable(answer.advice);
  for (const TradeOffs& one : answer.trade_offs) std::cout << TradeOffsTable(one);
  if (answer.next_runs) std::cout << (answer.advice.empty() ? "" : "\n") << NextRunsTable(*answer.next_runs);
  return absl::OkStatus();
}

int PrintAdvice(const AdviseFlags& flags) {
  const absl::StatusOr<Answer> answer = RunAdvise(flags);
  const absl::Status status = answer.ok() ? Print(flags, *answer) : answer.status();
  if (status.ok()) return kDone;
  std::cerr << "isoflop advise: " << status.message() << "\n";
  return status.code() == absl::StatusCode::kFailedPrecondition ? kThinEvidence : kWrongUse;
}

}  // namespace

void AddAdviseCommand(CLI::App& app, int* exit_code) {
  auto flags = std::make_shared<AdviseFlags>();
  CLI::App* command = app.add_subcommand("advise", "Say how to spend a training budget");
  command->add_option("--fit", flags->fit_path, "What `isoflop fit --format json` printed; - reads standard input")->required();
  command->add_option("--budget", flags->budgets, "Training compute in FLOPs, such as 1e21,1e22")->delimiter(',');
  AddTradeOffsFlags(*command, flags->trade_offs);
  AddNextRunsFlags(*command, flags->next_runs);
  command->add_option("--format", flags->format, "table or json")->capture_default_str()->check(CLI::IsMember({"table", "json"}));
  command->footer(
      "Example:\n  isoflop fit runs.csv --format json | isoflop advise --fit - --budget 1e21,1e22\n"
      "  isoflop advise --fit fit.json --gpu-count 256 --gpu-flops 989e12 --utilisation .4 --days 30 --gpu-price 2.5 --token-price 100\n"
      "  isoflop advise --fit fit.json --budget 1e23 --unique-tokens 2e11\n"
      "  isoflop advise --fit fit.json --budget 1e23 --hyperparameters learning_rate.json,batch_size.json\n"
      "  isoflop advise --fit fit.json --budget 1e23 --target-loss 2.0 --served-tokens 1e13 --parameters 7e9,13e9,34e9\n"
      "  isoflop advise --fit fit.json --budget 1e23 --next-runs --sweep 2e21 --plan plan.yaml\n\n"
      "Exit codes: 0 done, 2 wrong use or bad input, 3 the fit cannot support advice.");
  command->callback([flags, command, exit_code] {
    flags->weigh = flags->trade_offs.given(*command);
    *exit_code = PrintAdvice(*flags);
  });
}

}  // namespace isoflop
