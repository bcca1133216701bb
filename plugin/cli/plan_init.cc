#include "plugin/cli/plan_init.h"

#include <cmath>
#include <filesystem>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/advice/allocation.h"
#include "core/advice/hyperparameters.h"
#include "core/base/status.h"
#include "core/quantity/training_flops.h"
#include "plugin/cli/exit_code.h"
#include "plugin/cli/fit_source.h"
#include "plugin/cli/output_file.h"
#include "plugin/cli/remote_study.h"
#include "plugin/document/plan_writer.h"
#include "plugin/document/snapshot_document.h"

namespace isoflop {
namespace {

struct PlanInitFlags {
  FitSource source;
  double budget_flops = 0;  // 0: of a run.
  std::string run, name, output_path = "-";
  bool force = false;
};

std::string Rounded(double value) { return absl::StrFormat("%.3g", value); }

// "TOTAL" stands without being said.
void AddConvention(ParameterConvention convention, std::vector<PlanLine>& plan) {
  if (convention == ParameterConvention::kTotal) return;
  plan.emplace_back("parameter_convention", absl::AsciiStrToLower(std::string(ParameterConventionName(convention))), "that of the law");
}

std::string SizeComment(const Advice& advice) {
  std::string comment = "N of the best split";
  const Interval& size = advice.parameter_count;
  if (size.lower && size.upper) absl::StrAppend(&comment, "; 95 % interval ", Rounded(*size.lower), " to ", Rounded(*size.upper));
  const auto& as_good = advice.as_good_parameter_count;
  if (as_good) absl::StrAppend(&comment, "; as good within run noise: ", Rounded(as_good->first), " to ", Rounded(as_good->second));
  return comment;
}

// Of the study's own laws; the first of a quantity stands.
void AddHyperparameters(const FitSnapshot& snapshot, double parameter_count, double token_count, std::vector<PlanLine>& plan) {
  std::set<Quantity> told;
  for (const Fit& fit : snapshot.hyperparameter_fits) {
    const absl::StatusOr<HyperparameterAdvice> advice = AdviseHyperparameter(fit, parameter_count, token_count);
    if (!advice.ok() || !advice->best.estimate || !told.insert(advice->quantity).second) continue;
    plan.emplace_back(advice->quantity == Quantity::kLearningRate ? "learning_rate" : "batch_token_count", *advice->best.estimate, absl::StrCat("by the study's law ", fit.law));
  }
}

absl::StatusOr<std::string> PlanOfAdvice(const PlanInitFlags& flags, const FitSnapshot& snapshot) {
  ASSIGN_OR_RETURN(const Advice advice, AdviseAllocation(snapshot.fit, flags.budget_flops));
  if (!advice.parameter_count.estimate || !advice.token_count.estimate) {
    return absl::FailedPreconditionError(
        absl::StrFormat("--budget is %.3g times the compute of the largest run: too far for a size to be named", advice.extrapolation_factor));
  }
  const double parameter_count = *advice.parameter_count.estimate;
  double token_count = *advice.token_count.estimate;
  if (TrainingFlops(parameter_count, token_count) > flags.budget_flops) token_count *= 1 - 1e-9;  // Its digits were rounded up.
  const std::string law = snapshot.fit.law.empty() ? "approach " + snapshot.fit.approach : "law " + snapshot.fit.law;
  std::string heading = absl::StrCat("Written by `isoflop plan init`: the best split of ", absl::StrFormat("%.6g", flags.budget_flops), " FLOPs by the ", law, ", version ",
                                     snapshot.fit.version, ", fitted to ", snapshot.fit.observation_count, " runs.");
  for (const Diagnostic& diagnostic : advice.diagnostics) {
    if (diagnostic.severity != Severity::kInfo) absl::StrAppend(&heading, "\n", diagnostic.code, ": ", diagnostic.message);
  }
  std::vector<PlanLine> plan;
  plan.emplace_back("name", flags.name.empty() ? absl::StrFormat("advised-%.6g", flags.budget_flops) : flags.name);
  const std::string& study = snapshot.study_name.empty() ? snapshot.study_id : snapshot.study_name;
  if (!study.empty()) plan.emplace_back("study", study, "whose law it is");
  plan.emplace_back("parameter_count", parameter_count, SizeComment(advice));
  AddConvention(snapshot.fit.convention, plan);
  plan.emplace_back("token_count", token_count, "D that goes with it");
  plan.emplace_back("budget_flops", flags.budget_flops, "--budget");
  AddHyperparameters(snapshot, parameter_count, token_count, plan);
  return OneRunPlanText(heading, plan);
}

std::string TextOf(const nlohmann::json& run, const char* key) { return run.value(key, nlohmann::json()).is_string() ? run[key].get<std::string>() : ""; }

// The run of that id or, where none has it, the only one of that name.
absl::StatusOr<nlohmann::json> FindRun(const nlohmann::json& runs, const std::string& wanted) {
  std::vector<nlohmann::json> of_that_name;
  for (const nlohmann::json& run : runs) {
    if (TextOf(run, "run_id") == wanted) return run;
    if (TextOf(run, "run_name") == wanted) of_that_name.push_back(run);
  }
  if (of_that_name.size() == 1) return of_that_name[0];
  return absl::InvalidArgumentError(absl::StrCat("--run must be the id of a run that the study's law is fitted to, or the name of exactly one, got ", wanted, ", the name of ",
                                                 of_that_name.size(), " of ", runs.size()));
}

// The figures of a run that a plan can hold without contradicting itself: steps only where they make the tokens.
void AddRunFigures(const nlohmann::json& run, std::vector<PlanLine>& plan) {
  const auto number = [&](const char* key) { return run.contains(key) && run[key].is_number() ? run[key].get<double>() : NAN; };
  const double tokens = number("token_count"), steps = number("step_count"), batch = number("batch_token_count"), flops = number("training_flops");
  plan.emplace_back("token_count", tokens, "D of the run");
  if (const double unique = number("unique_token_count"); unique >= 1) plan.emplace_back("unique_token_count", unique, "of the run's data");
  if (steps >= 1 && !(std::abs(steps * batch / tokens - 1) > .01)) plan.emplace_back("step_count", std::round(steps), "of the run");
  if (batch >= 1) plan.emplace_back("batch_token_count", batch, "tokens a step of the run");
  if (const double rate = number("learning_rate"); rate > 0) plan.emplace_back("learning_rate", rate, "peak of the run");
  const double rule = TrainingFlops(number("parameter_count"), tokens);
  if (std::abs(flops / rule - 1) > 1e-6) plan.emplace_back("training_flops", flops, "C of the run, which is not 6 N D");
}

absl::StatusOr<std::string> PlanOfRun(const PlanInitFlags& flags) {
  ASSIGN_OR_RETURN(const RemoteStudy study, RemoteStudy::Find(flags.source.server, flags.source.study));
  ASSIGN_OR_RETURN(const std::string json, study.FetchRuns());
  ASSIGN_OR_RETURN(const nlohmann::json run, FindRun(nlohmann::json::parse(json)["runs"], flags.run));
  const absl::StatusOr<Fit> fit = study.FetchFit();
  if (!fit.ok() && !absl::IsFailedPrecondition(fit.status())) return fit.status();  // A study without a law yet has runs all the same.
  const std::string run_id = TextOf(run, "run_id"), run_name = TextOf(run, "run_name");
  std::vector<PlanLine> plan;
  plan.emplace_back("name", !flags.name.empty() ? flags.name : absl::StrCat(run_name.empty() ? run_id : run_name, "-again"));
  plan.emplace_back("study", flags.source.study, "of the run");
  plan.emplace_back("parameter_count", run["parameter_count"].get<double>(), "N of the run");
  AddConvention(fit.ok() ? fit->convention : ParameterConvention::kTotal, plan);
  AddRunFigures(run, plan);
  return OneRunPlanText(absl::StrCat("Written by `isoflop plan init` from the run ", run_id, run_name.empty() ? "" : absl::StrCat(" (", run_name, ")"), ", as its tracker has it; it reached ",
                                     absl::StrFormat("%.5g", run["loss_nats_per_token"].get<double>()), " nats/token."),
                        plan);
}

absl::StatusOr<std::string> PlanOf(const PlanInitFlags& flags) {
  if ((flags.budget_flops > 0) == !flags.run.empty()) return absl::InvalidArgumentError("one of --budget and --run must be given");
  RETURN_IF_ERROR(CheckFitSource(flags.source));
  if (!flags.run.empty()) {
    if (!flags.source.fit_path.empty()) return absl::InvalidArgumentError("--run needs --study: a fit names no runs");
    return PlanOfRun(flags);
  }
  if (!flags.source.remote()) {
    ASSIGN_OR_RETURN(const FitSnapshot snapshot, ReadSnapshotFile(flags.source.fit_path));
    return PlanOfAdvice(flags, snapshot);
  }
  ASSIGN_OR_RETURN(const RemoteStudy study, RemoteStudy::Find(flags.source.server, flags.source.study));
  ASSIGN_OR_RETURN(const std::string json, study.FetchSnapshot("", 0));
  ASSIGN_OR_RETURN(const FitSnapshot snapshot, ParseSnapshotDocument(json));
  return PlanOfAdvice(flags, snapshot);
}

absl::Status WritePlan(const PlanInitFlags& flags) {
  std::error_code unreadable;
  const bool prints = flags.output_path == "-";
  // Before anything is asked: a plan that people have worked on must never be lost.
  if (!prints && !flags.force && std::filesystem::exists(flags.output_path, unreadable)) {
    return absl::InvalidArgumentError(absl::StrCat(flags.output_path, " is there already: --force writes over it"));
  }
  ASSIGN_OR_RETURN(const std::string plan, PlanOf(flags));
  if (!prints) return WriteOutputFile(flags.output_path, plan);
  std::cout << plan;
  return absl::OkStatus();
}

int RunPlanInit(const PlanInitFlags& flags) {
  const absl::Status status = WritePlan(flags);
  if (!status.ok()) std::cerr << "isoflop plan init: " << status.message() << "\n";
  return ExitCodeOf(status);
}

}  // namespace

void AddPlanInitCommand(CLI::App& plan, int* exit_code) {
  auto flags = std::make_shared<PlanInitFlags>();
  CLI::App* command = plan.add_subcommand("init", "Write a plan from the advice for a budget, or from a run in the tracker");
  AddFitSourceFlags(*command, flags->source);
  command->add_option("--budget", flags->budget_flops, "Training compute in FLOPs, whose best split is planned")->check(CLI::PositiveNumber);
  command->add_option("--run", flags->run, "Instead: a run of the --study, by its id or its name in the tracker");
  command->add_option("--name", flags->name, "What the planned run is called");
  command->add_option("-o,--output", flags->output_path, "Where to write the plan; - for standard output")->capture_default_str();
  command->add_flag("--force", flags->force, "Write over a file that is there already");
  command->footer(
      "Example:\n  isoflop plan init --fit fit.json --budget 1e22 -o plan.yaml\n  isoflop plan init --study my-experiment --budget 1e22 > plan.yaml\n"
      "  isoflop plan init --server 127.0.0.1:9911 --study my-experiment --run nosy-hen-12 -o plan.yaml\n\n"
      "Comments say where each value comes from. `isoflop check` reads what is written. Of a run, what its study's law reads is planned; its\n"
      "schedule, hardware and prices are not known here.\n\n"
      "Exit codes: 0 done, 2 wrong use or bad input, 3 the evidence cannot support advice, 4 the server cannot be reached.");
  command->callback([flags, exit_code] { *exit_code = RunPlanInit(*flags); });
}

}  // namespace isoflop
