#include "plugin/cli/advise.h"

#include <algorithm>
#include <iostream>
#include <memory>
#include <utility>

#include "core/advice/allocation.h"
#include "core/base/status.h"
#include "plugin/cli/advise_next_runs.h"
#include "plugin/cli/exit_code.h"
#include "plugin/cli/fit_source.h"
#include "plugin/cli/forecasts_table.h"
#include "plugin/cli/output_file.h"
#include "plugin/cli/planned_runs_table.h"
#include "plugin/cli/remote_study.h"
#include "plugin/cli/tables.h"
#include "plugin/cli/trade_offs_flags.h"
#include "plugin/cli/trade_offs_table.h"
#include "plugin/document/documents.h"
#include "plugin/document/next_runs_document.h"
#include "plugin/document/tolerance_text.h"
#include "plugin/document/trade_offs_document.h"

namespace isoflop {
namespace {

struct AdviseFlags {
  FitSource source;
  std::vector<double> budgets;
  std::string tolerance;  // As text; empty: the fit's own.
  std::string format = "table";
  TradeOffsFlags trade_offs;
  NextRunsFlags next_runs;
  bool forecasts = false, planned = false;
  bool weigh = false;  // Any flag of trade-offs was given.
};

// What the answers come from.
struct Evidence {
  std::optional<RemoteStudy> study;  // Where the source is one.
  Fit fit;
};

struct Answer {
  ParameterConvention convention = ParameterConvention::kTotal;  // Of all sizes.
  std::vector<Advice> advice;            // By budget.
  std::vector<TradeOffs> trade_offs;     // Likewise, where they were asked for.
  std::vector<TradeOffsQuestion> asked;  // Likewise.
  std::optional<NextRunsAdvice> next_runs;  // Where asked for.
  nlohmann::ordered_json forecasts, planned_runs;  // Likewise; else null.
};

// Whether anything is asked that a law answers.
bool AsksLaw(const AdviseFlags& flags) { return (!flags.forecasts && !flags.planned) || !flags.budgets.empty() || flags.weigh || flags.next_runs.asked; }

absl::StatusOr<Evidence> FindEvidence(const AdviseFlags& flags) {
  const FitSource& source = flags.source;
  RETURN_IF_ERROR(CheckFitSource(source));
  Evidence evidence;
  if (!source.remote()) {
    ASSIGN_OR_RETURN(evidence.fit, ReadFitFile(source.fit_path));
    return evidence;
  }
  ASSIGN_OR_RETURN(evidence.study, RemoteStudy::Find(source.server, source.study));
  if (AsksLaw(flags)) {
    ASSIGN_OR_RETURN(evidence.fit, evidence.study->FetchFit());
  }
  return evidence;
}

// Those of the files that were named; without any, those that the study keeps.
absl::StatusOr<std::vector<Fit>> FindHyperparameterFits(const std::vector<std::string>& paths, const Evidence& evidence) {
  std::vector<Fit> fits;
  for (const std::string& path : paths) {
    ASSIGN_OR_RETURN(Fit one, ReadFitFile(path));
    fits.push_back(std::move(one));
  }
  if (paths.empty() && evidence.study) return evidence.study->FetchHyperparameterFits();
  return fits;
}

absl::StatusOr<Answer> Weigh(const Evidence& evidence, const AdviseFlags& flags) {
  TradeOffsQuestion asked = flags.trade_offs.question;
  ASSIGN_OR_RETURN(asked.menu, ReadMenu(flags.trade_offs.menu_path, evidence.fit.convention));
  std::vector<TradeOffsQuestion> questions(std::max<size_t>(1, flags.budgets.size()), asked);
  for (size_t i = 0; i < flags.budgets.size(); ++i) questions[i].budget_flops = flags.budgets[i];
  ASSIGN_OR_RETURN(const std::vector<Fit> tuned, FindHyperparameterFits(flags.trade_offs.hyperparameter_paths, evidence));
  Answer answer;
  for (TradeOffsQuestion& question : questions) {
    for (const Fit& one : tuned) question.hyperparameter_fits.push_back(&one);
    ASSIGN_OR_RETURN(TradeOffs one, WeighTradeOffs(evidence.fit, question));
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

// What budgets and trade-offs ask; nothing where only other things are asked.
absl::StatusOr<Answer> AdviseByLaw(const Evidence& evidence, const AdviseFlags& flags) {
  const bool only_next_runs = flags.next_runs.asked && flags.budgets.empty() && !flags.weigh;
  // Without a law, what to launch is all that can be said.
  if (!AsksLaw(flags) || only_next_runs || (flags.next_runs.asked && !evidence.fit.answers())) return Answer();
  return flags.weigh ? Weigh(evidence, flags) : AdviseBudgets(evidence.fit, flags);
}

absl::StatusOr<Answer> RunAdvise(const AdviseFlags& flags) {
  if (flags.forecasts && flags.source.study.empty()) return absl::InvalidArgumentError("--forecasts needs --study: a fit holds no runs under way");
  if (flags.planned && flags.source.study.empty()) return absl::InvalidArgumentError("--planned needs --study: a fit holds no plans");
  ASSIGN_OR_RETURN(Evidence evidence, FindEvidence(flags));
  if (!flags.tolerance.empty()) {
    ASSIGN_OR_RETURN(evidence.fit.as_good_tolerance, ParseTolerance(flags.tolerance));
  }
  ASSIGN_OR_RETURN(Answer answer, AdviseByLaw(evidence, flags));
  answer.convention = evidence.fit.convention;
  if (flags.next_runs.asked) {
    ASSIGN_OR_RETURN(answer.next_runs, RunNextRuns(flags.next_runs, evidence.fit, flags.budgets));
  }
  if (flags.forecasts) {
    ASSIGN_OR_RETURN(const std::string json, evidence.study->FetchForecasts());
    answer.forecasts = nlohmann::ordered_json::parse(json);
  }
  if (flags.planned) {
    ASSIGN_OR_RETURN(const std::string json, evidence.study->FetchPlannedRuns());
    answer.planned_runs = nlohmann::ordered_json::parse(json);
  }
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
    if (!answer.forecasts.is_null()) document["forecasts"] = answer.forecasts;
    if (!answer.planned_runs.is_null()) document["planned_runs"] = answer.planned_runs;
    std::cout << document.dump() << "\n";
    return absl::OkStatus();
  }
  if (!answer.advice.empty()) std::cout << AdviceTable(answer.advice, answer.convention);
  for (const TradeOffs& one : answer.trade_offs) std::cout << TradeOffsTable(one);
  if (answer.next_runs) std::cout << (answer.advice.empty() ? "" : "\n") << NextRunsTable(*answer.next_runs);
  if (!answer.forecasts.is_null()) std::cout << (answer.advice.empty() && !answer.next_runs ? "" : "\n") << ForecastsTable(answer.forecasts);
  if (!answer.planned_runs.is_null()) std::cout << PlannedRunsTable(answer.planned_runs);
  return absl::OkStatus();
}

int PrintAdvice(const AdviseFlags& flags) {
  const absl::StatusOr<Answer> answer = RunAdvise(flags);
  const absl::Status status = answer.ok() ? Print(flags, *answer) : answer.status();
  if (!status.ok()) std::cerr << "isoflop advise: " << status.message() << "\n";
  return ExitCodeOf(status);
}

}  // namespace

void AddAdviseCommand(CLI::App& app, int* exit_code) {
  auto flags = std::make_shared<AdviseFlags>();
  CLI::App* command = app.add_subcommand("advise", "Say how to spend a training budget");
  AddFitSourceFlags(*command, flags->source);
  command->add_option("--budget", flags->budgets, "Training compute in FLOPs, such as 1e21,1e22")->delimiter(',');
  command->add_option("--tolerance", flags->tolerance,
                      "What a size may lose beside the best and count as good: a share of the loss up to 0.1, such as 0.005 or 0.5%; without it, what the study "
                      "has set, else run noise");
  AddTradeOffsFlags(*command, flags->trade_offs);
  AddNextRunsFlags(*command, flags->next_runs);
  command->add_flag("--forecasts", flags->forecasts, "Say how the runs under way of a --study will end, and which runs lie off its law");
  command->add_flag("--planned", flags->planned, "Show the recorded plans of a --study, what was predicted and what their runs reached");
  command->add_option("--format", flags->format, "table or json")->capture_default_str()->check(CLI::IsMember({"table", "json"}));
  command->footer(
      "Example:\n  isoflop fit runs.csv --format json | isoflop advise --fit - --budget 1e21,1e22\n"
      "  isoflop advise --fit fit.json --gpu-count 256 --gpu-flops 989e12 --utilisation .4 --days 30 --gpu-price 2.5 --token-price 100\n"
      "  isoflop advise --fit fit.json --budget 1e23 --unique-tokens 2e11\n"
      "  isoflop advise --fit fit.json --budget 1e23 --hyperparameters learning_rate.json,batch_size.json\n"
      "  isoflop advise --fit fit.json --budget 1e23 --target-loss 2.0 --served-tokens 1e13 --parameters 7e9,13e9,34e9\n"
      "  isoflop advise --fit fit.json --budget 1e23 --menu models.csv\n"
      "  isoflop advise --fit fit.json --parameters 7e9 --target-loss 2.1\n"
      "  isoflop advise --fit fit.json --budget 1e23 --tolerance 0.5%\n"
      "  isoflop advise --fit fit.json --budget 1e23 --next-runs --sweep 2e21 --plan plan.yaml\n"
      "  isoflop advise --server 127.0.0.1:9911 --study my-experiment --budget 1e23 --trade-offs --next-runs\n"
      "  isoflop advise --study 7 --forecasts\n  isoflop advise --study 7 --planned\n\n"
      "A --study answers as its exported law would with --fit, byte for byte; its own laws of learning rate and batch size stand in for\n"
      "--hyperparameters.\n\n"
      "Exit codes: 0 done, 2 wrong use or bad input, 3 the evidence cannot support advice, 4 the server cannot be reached.");
  command->callback([flags, command, exit_code] {
    flags->weigh = flags->trade_offs.given(*command);
    *exit_code = PrintAdvice(*flags);
  });
}

}  // namespace isoflop
