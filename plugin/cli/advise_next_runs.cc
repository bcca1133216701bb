#include "plugin/cli/advise_next_runs.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/base/status.h"
#include "plugin/cli/csv_runs.h"
#include "plugin/cli/input_file.h"
#include "plugin/document/next_runs_document.h"

namespace isoflop {
namespace {

absl::StatusOr<std::vector<CandidateRun>> ReadCandidates(const std::string& path) {
  std::vector<CandidateRun> candidates;
  if (path.empty()) return candidates;
  ASSIGN_OR_RETURN(const std::string text, ReadInputFile(path));
  const CsvOptions options = {.needed = {Quantity::kParameterCount, Quantity::kTokenCount}};
  ASSIGN_OR_RETURN(const CsvRuns table, ReadCsvRuns(text, InputFileName(path), options));
  for (const BadCell& cell : table.bad_cells) {
    return absl::InvalidArgumentError(absl::StrCat(InputFileName(path), ":", cell.line, ": ", cell.column, ": ", cell.rule));
  }
  for (const Observation& o : table.observations) {
    const auto name = o.labels.find("name");
    candidates.push_back({*o.parameter_count, *o.token_count, *TrainingFlopsOf(o), name == o.labels.end() ? "" : name->second});
  }
  if (candidates.empty()) return absl::InvalidArgumentError(absl::StrCat(InputFileName(path), ": no candidate run"));
  return candidates;
}

std::string Range(std::pair<double, double> range, const char* format) {
  return absl::StrCat("[", absl::StrFormat(absl::ParsedFormat<'g'>(format), range.first), ", ",
                      absl::StrFormat(absl::ParsedFormat<'g'>(format), range.second), "]");
}

std::string FirstRunsTable(const NextRunsAdvice& advice) {
  std::string text = "Too few runs for a law. A first design, four sizes at two budgets:\n";
  absl::StrAppendFormat(&text, "  %-14s  %-14s  %s\n", "parameters N", "tokens D", "FLOPs");
  for (const CandidateRun& run : advice.first_runs) {
    absl::StrAppendFormat(&text, "  %-14.3g  %-14.3g  %.3g\n", run.parameter_count, run.token_count, run.training_flops);
  }
  return text;
}

}  // namespace

void AddNextRunsFlags(CLI::App& command, NextRunsFlags& flags) {
  CLI::Option* asked = command.add_flag("--next-runs", flags.asked,
                                        "Say what to launch next, by what it teaches about --budget (by default ten times the dearest run)");
  command.add_option("--sweep", flags.sweep, "FLOPs to spend on new runs; without it, what teaches most a FLOP, one by one, every third at the frontier")
      ->check(CLI::PositiveNumber)
      ->needs(asked);
  command.add_option("--precision", flags.precision, "Share to which the best loss there is to be known, half a 95 % interval; 0.01 is 1 %")
      ->capture_default_str()
      ->check(CLI::Range(1e-9, 0.999))
      ->needs(asked);
  command.add_option("--count", flags.count, "Runs to propose at most")->capture_default_str()->check(CLI::Range(1, kMostNextRuns))->needs(asked);
  command.add_option("--candidates", flags.candidates_path, "CSV of the runs that may be launched: N, D and, if wanted, FLOPs and name; - reads standard input")
      ->needs(asked);
  command.add_option("--plan", flags.plan_path, "Where to write the proposed runs as YAML; - for standard output instead of all else")->needs(asked);
}

absl::StatusOr<NextRunsAdvice> RunNextRuns(const NextRunsFlags& flags, const Fit& fit, const std::vector<double>& budgets) {
  if (budgets.size() > 1) return absl::InvalidArgumentError(absl::StrCat("--next-runs takes one --budget at most, got ", budgets.size()));
  NextRunsRequest request{.run_count = flags.count, .precision = flags.precision};
  if (!budgets.empty()) request.target_flops = budgets[0];
  if (flags.sweep > 0) request.sweep_flops = flags.sweep;
  ASSIGN_OR_RETURN(request.candidates, ReadCandidates(flags.candidates_path));
  return AdviseNextRuns(fit, request);
}

std::string NextRunsTable(const NextRunsAdvice& advice) {
  if (!advice.plan) return FirstRunsTable(advice);
  const NextRunsPlan& plan = *advice.plan;
  if (plan.runs.empty()) return absl::StrFormat("No candidate costs as little as the sweep, %.6g FLOPs.\n", *advice.sweep_flops);
  std::string text = absl::StrFormat("Next runs, for the best split of %.6g FLOPs (%.3g spent so far)\n", plan.target_flops, advice.spent_flops);
  absl::StrAppendFormat(&text, "  %-10s  %-12s  %-12s  %-9s  %-8s  %-26s  %s\n", "name", "parameters N", "tokens D", "FLOPs", "narrows", "expected loss", "what");
  for (size_t i = 0; i < plan.runs.size(); ++i) {
    const NextRun& next = plan.runs[i];
    absl::StrAppendFormat(&text, "  %-10s  %-12.3g  %-12.3g  %-9.3g  %-8s  %-26s  %s\n",
                          next.run.name.empty() ? absl::StrCat("next-", i + 1) : next.run.name, next.run.parameter_count, next.run.token_count,
                          next.run.training_flops, absl::StrFormat("%.2g %%", 100 * next.narrowing),
                          absl::StrFormat("%.4g %s", next.loss_nats_per_token, Range(next.loss_interval, "%.4g")), ReasonFor(next));
  }
  absl::StrAppendFormat(&text, "Together %.3g FLOPs%s: best loss %s -> %s, best size %s -> %s\n", plan.training_flops,
                        advice.sweep_flops ? ", without the test at the frontier" : "", Range(plan.before.loss_nats_per_token, "%.5g"),
                        Range(advice.after.loss_nats_per_token, "%.5g"), Range(plan.before.parameter_count, "%.3g"),
                        Range(advice.after.parameter_count, "%.3g"));
  absl::StrAppend(&text, "Brackets: 95 %, of the law alone for what is sought, of one new run for the expected loss. Narrows: share of the interval of ln L,\n"
                         "the runs above being done.\n");
  absl::StrAppend(&text, PrecisionSentence(*advice.reach), "\n");
  absl::StrAppendFormat(&text, "The plan works with a weak prior (exponents .35 +- .24), of weight %.2g %%.\n", 100 * advice.prior_weight);
  return text;
}

}  // namespace isoflop
