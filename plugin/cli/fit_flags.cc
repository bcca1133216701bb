#include "plugin/cli/fit_flags.h"

#include <algorithm>
#include <thread>

#include "absl/strings/str_format.h"
#include "core/base/status.h"
#include "core/law/registry.h"
#include "plugin/cli/assignments.h"
#include "plugin/recognize/quantity_names.h"
#include "plugin/recognize/usable_value.h"

namespace isoflop {
namespace {

absl::StatusOr<Quantity> ReadQuantityName(const std::string& flag, const std::string& name) {
  if (const std::optional<Quantity> quantity = ParseQuantity(name)) return *quantity;
  if (const KnownName* known = FindKnownName(name)) return known->quantity;
  std::string names;
  for (Quantity quantity : kAllQuantities) names += (names.empty() ? "" : ", ") + std::string(QuantityName(quantity));
  return absl::InvalidArgumentError(absl::StrFormat("%s takes one of %s; got \"%s\"", flag, names, name));
}

absl::StatusOr<std::map<Quantity, std::string>> ParseMapping(const std::vector<std::string>& assignments) {
  ASSIGN_OR_RETURN(const auto pairs, ParseAssignments("--map", assignments));
  std::map<Quantity, std::string> mapping;
  for (const auto& [name, column] : pairs) {
    ASSIGN_OR_RETURN(const Quantity quantity, ReadQuantityName("--map", name));
    if (!mapping.emplace(quantity, column).second) {
      return absl::InvalidArgumentError(absl::StrFormat("--map names %s twice", QuantityName(quantity)));
    }
  }
  return mapping;
}

absl::StatusOr<double> ReadNumber(const std::string& flag, const std::string& symbol, const std::string& text) {
  const absl::StatusOr<double> value = ParseNumber(text);
  if (value.ok()) return *value;
  return absl::InvalidArgumentError(absl::StrFormat("%s %s %s", flag, symbol, value.status().message()));
}

// "SYMBOL=FIRST:SECOND" of --bounds and --prior.
absl::StatusOr<std::map<std::string, std::pair<double, double>>> ParsePairs(const std::string& flag, const std::vector<std::string>& assignments) {
  ASSIGN_OR_RETURN(const auto pairs, ParseAssignments(flag, assignments));
  std::map<std::string, std::pair<double, double>> values;
  for (const auto& [symbol, text] : pairs) {
    const size_t colon = text.find(':');
    if (colon == std::string::npos) {
      return absl::InvalidArgumentError(absl::StrFormat("%s takes SYMBOL=NUMBER:NUMBER, got \"%s=%s\"", flag, symbol, text));
    }
    ASSIGN_OR_RETURN(values[symbol].first, ReadNumber(flag, symbol, text.substr(0, colon)));
    ASSIGN_OR_RETURN(values[symbol].second, ReadNumber(flag, symbol, text.substr(colon + 1)));
  }
  return values;
}

}  // namespace

void AddFitFlags(CLI::App& command, FitFlags& flags) {
  command.add_option("RUNS.csv", flags.path, "Table of runs with a header line; - reads standard input")->required();
  command.add_option("--map", flags.mapping, "Columns of quantities, such as parameter_count=params,loss_nats_per_token=val_loss")
      ->delimiter(',');
  command.add_option("--where", flags.where, "Only rows with COLUMN=VALUE; may be repeated");
  command.add_option("--group-by", flags.group_column, "One fit for each value of this column");
  command.add_option("--run", flags.run_column, "Rows of equal value in this column are one run: replicas draw runs, not rows");
  command.add_option("--weight", flags.weight_column, "Column of weights in the sum");
  command.add_option("--against", flags.abscissa, "The quantity x of a law in x alone (power_law, broken_power_law)");
  command.add_option("--huber-delta", flags.huber_delta, "Where the Huber loss turns linear, in log loss")->capture_default_str();
  command.add_option("--fix", flags.fixed, "Parameters held, such as E=1.69,alpha=0.34")->delimiter(',');
  command.add_option("--bounds", flags.bounds, "Ranges of parameters, such as alpha=0.1:0.9; frees one that is held by default")->delimiter(',');
  command.add_option("--prior", flags.priors,
                     "Pulls on parameters, VALUE:SD, of ln for scales, such as E=1.7:0.1 (E within 10 %), alpha=0.35:0.24")
      ->delimiter(',');
  command.add_option("--published-prior", flags.published_prior,
                     "With few runs: a published law whose exponents stand in, hoffmann2022, besiroglu2024 or muennighoff2023; PRIOR says how much they weigh");
  command.add_option("--guess-loss", flags.guess_loss, "Loss of guessing, ln(vocabulary size): where power_law's small-data region ends");
  command.add_option("--hold-out", flags.hold_out_fraction, "Share of the runs, of the largest compute, that the hold-out predicts; 0: none")
      ->capture_default_str()
      ->check(CLI::Range(0.0, 0.99));
  command.add_option("--bootstrap", flags.replica_count, "Replicas behind the intervals; 0: none")
      ->capture_default_str()
      ->check(CLI::Range(0, 1000000));
  command.add_option("--seed", flags.seed, "Seed of the replicas")->capture_default_str()->check(CLI::NonNegativeNumber);
  command.add_option("--convention", flags.convention, "What N counts: total, non_embedding, without_input_embedding, active")
      ->check([](const std::string& name) {
        return ParseParameterConvention(name) ? std::string() : "--convention " + name + " is not known";
      });
  AddConversionFlags(command, flags.conversion);
  command.add_flag("--skip-bad-rows", flags.skip_bad_rows, "Fit the good rows, list the others in `excluded`");
}

absl::StatusOr<FitOptions> MakeFitOptions(const FitFlags& flags) {
  FitOptions options{.law = flags.law,
                     .loss = *ParseLossFunction(flags.loss),
                     .huber_delta = flags.huber_delta,
                     .published_prior = flags.published_prior,
                     .guess_loss = flags.guess_loss,
                     .hold_out_fraction = flags.hold_out_fraction,
                     .replica_count = flags.replica_count,
                     .seed = flags.seed,
                     .thread_count = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()))};
  ASSIGN_OR_RETURN(const auto fixed, ParseAssignments("--fix", flags.fixed));
  for (const auto& [symbol, text] : fixed) {
    ASSIGN_OR_RETURN(options.fixed[symbol], ReadNumber("--fix", symbol, text));
  }
  ASSIGN_OR_RETURN(options.bounds, ParsePairs("--bounds", flags.bounds));
  ASSIGN_OR_RETURN(const auto priors, ParsePairs("--prior", flags.priors));
  for (const auto& [symbol, pair] : priors) options.priors[symbol] = {pair.first, pair.second};
  if (!flags.abscissa.empty()) {
    ASSIGN_OR_RETURN(options.abscissa, ReadQuantityName("--against", flags.abscissa));
  }
  return options;
}

absl::StatusOr<CsvOptions> MakeCsvOptions(const FitFlags& flags, const std::vector<Quantity>& needed) {
  ASSIGN_OR_RETURN(const Law* law, FindLaw(flags.law));
  CsvOptions options{.needed = needed, .weight_column = flags.weight_column, .run_column = flags.run_column};
  if (!law->compute_form().empty()) options.needed_otherwise = {Quantity::kTrainingFlops, law->response()};
  ASSIGN_OR_RETURN(options.mapping, ParseMapping(flags.mapping));
  ASSIGN_OR_RETURN(options.where, ParseAssignments("--where", flags.where));
  ASSIGN_OR_RETURN(options.architecture, MakeArchitecture(flags.conversion));
  if (!flags.convention.empty()) options.architecture_convention = *ParseParameterConvention(flags.convention);
  if (!flags.conversion.convert.empty()) options.architecture_convention = *ParseParameterConvention(flags.conversion.convert);
  return options;
}

}  // namespace isoflop
