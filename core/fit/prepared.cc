#include "core/fit/prepared.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "absl/strings/str_format.h"
#include "core/base/status.h"
#include "core/fit/best_of_cells.h"
#include "core/law/published_exponents.h"
#include "core/law/registry.h"

namespace isoflop {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// The typical residual of log loss that priors are weighed against.
constexpr double kPriorResidual = 0.005;

absl::Status CheckObservation(const Observation& o) {
  for (Quantity quantity : kAllQuantities) {
    const std::optional<double>& value = ValueOf(o, quantity);
    if (value && !(std::isfinite(*value) && *value > 0)) {
      return absl::InvalidArgumentError(
          absl::StrFormat("%s of run \"%s\" must be positive and finite, got %g", QuantityName(quantity), o.run_id, *value));
    }
  }
  if (!(std::isfinite(o.weight) && o.weight >= 0)) {
    return absl::InvalidArgumentError(absl::StrFormat("weight of run \"%s\" must be finite and not negative, got %g", o.run_id, o.weight));
  }
  return absl::OkStatus();
}

// Checks the numbers of the options; symbols are checked where they are used.
absl::Status CheckOptions(const FitOptions& options) {
  if (!std::isfinite(options.huber_delta) || options.huber_delta <= 0) {
    return absl::InvalidArgumentError(absl::StrFormat("huber_delta must be positive and finite, got %g", options.huber_delta));
  }
  if (options.replica_count < 0) {
    return absl::InvalidArgumentError(absl::StrFormat("replica_count must not be negative, got %d", options.replica_count));
  }
  if (options.guess_loss && !(std::isfinite(*options.guess_loss) && *options.guess_loss > 0)) {
    return absl::InvalidArgumentError(absl::StrFormat("guess_loss must be positive and finite, got %g", *options.guess_loss));
  }
  if (!(options.hold_out_fraction >= 0 && options.hold_out_fraction < 1)) {
    return absl::InvalidArgumentError(absl::StrFormat("hold_out_fraction must be in [0, 1), got %g", options.hold_out_fraction));
  }
  return absl::OkStatus();
}

absl::StatusOr<int> FindParameter(const Law& law, const std::string& symbol, const char* what) {
  const auto& parameters = law.parameters();
  std::string known;
  for (size_t i = 0; i < parameters.size(); ++i) {
    if (parameters[i].symbol == symbol) return static_cast<int>(i);
    known += (known.empty() ? "" : ", ") + std::string(parameters[i].symbol);
  }
  return absl::InvalidArgumentError(absl::StrFormat("%s symbol must be one of %s; got \"%s\"", what, known, symbol));
}

absl::Status CheckValue(const ParameterInfo& parameter, double value, const char* what) {
  if (std::isfinite(value) && !(parameter.is_scale && value < 0)) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrFormat("%s %s must be finite%s, got %g", what, parameter.symbol,
                                                    parameter.is_scale ? " and not negative" : "", value));
}

// Fills what is held and the bounds: --fix, then --bounds, then the law's own.
absl::Status HoldAndBound(const FitOptions& options, Prepared& prepared) {
  const auto& parameters = prepared.law->parameters();
  prepared.lower.fill(-kInfinity);
  prepared.upper.fill(kInfinity);
  for (size_t i = 0; i < parameters.size(); ++i) {
    const ParameterInfo& p = parameters[i];
    if (p.held) prepared.held[i] = CoordinateFromValue(p, *p.held);
    if (p.lower) prepared.lower[i] = CoordinateFromValue(p, *p.lower);
    if (p.upper) prepared.upper[i] = CoordinateFromValue(p, *p.upper);
  }
  for (const auto& [symbol, range] : options.bounds) {
    ASSIGN_OR_RETURN(const int i, FindParameter(*prepared.law, symbol, "bounded"));
    const auto& [least, greatest] = range;
    if (std::isnan(least) || std::isnan(greatest) || !(least < greatest) || (parameters[i].is_scale && !(greatest > 0))) {
      return absl::InvalidArgumentError(absl::StrFormat("bounds of %s must be LOW:HIGH with LOW below HIGH%s, got %g:%g", symbol,
                                                        parameters[i].is_scale ? " and HIGH positive" : "", least, greatest));
    }
    prepared.held[i].reset();
    prepared.lower[i] = CoordinateFromValue(parameters[i], parameters[i].is_scale ? std::max(least, 0.0) : least);
    prepared.upper[i] = CoordinateFromValue(parameters[i], greatest);
  }
  for (const auto& [symbol, value] : options.fixed) {
    ASSIGN_OR_RETURN(const int i, FindParameter(*prepared.law, symbol, "fixed"));
    RETURN_IF_ERROR(CheckValue(parameters[i], value, "fixed"));
    prepared.held[i] = CoordinateFromValue(parameters[i], value);
  }
  for (size_t i = 0; i < parameters.size(); ++i) {
    if (!prepared.held[i]) prepared.free.push_back(static_cast<int>(i));
  }
  return absl::OkStatus();
}

// A normal prior is worth (x - centre)^2 / (2 sd^2) of negative log likelihood; residuals of typical size b are worth objective / (delta b)
// under Huber, objective / b under L1, and objective / (2 b^2) under squares. The precision puts both in the objective's unit.
absl::Status AddPriors(const FitOptions& options, Prepared& prepared) {
  const double b = kPriorResidual;
  const double unit = options.loss == LossFunction::kHuber ? options.huber_delta * b : options.loss == LossFunction::kL1 ? b : 2 * b * b;
  for (const auto& [symbol, prior] : options.priors) {
    ASSIGN_OR_RETURN(const int i, FindParameter(*prepared.law, symbol, "prior"));
    const ParameterInfo& parameter = prepared.law->parameters()[i];
    RETURN_IF_ERROR(CheckValue(parameter, prior.value, "prior"));
    if (!(prior.standard_deviation > 0) || !std::isfinite(prior.standard_deviation) || (parameter.is_scale && prior.value == 0)) {
      return absl::InvalidArgumentError(absl::StrFormat("prior %s must have a positive and finite standard deviation, got %g", symbol,
                                                        prior.standard_deviation));
    }
    prepared.pulls.push_back({i, CoordinateFromValue(parameter, prior.value), unit / (prior.standard_deviation * prior.standard_deviation)});
  }
  return absl::OkStatus();
}

// The options with the published law's exponents among the priors.
absl::StatusOr<FitOptions> WithPublishedPrior(const Law& law, FitOptions options) {
  if (options.published_prior.empty()) return options;
  ASSIGN_OR_RETURN(const PublishedExponents published, FindPublishedExponents(options.published_prior));
  for (const auto& [symbol, value] : {std::pair("alpha", published.parameter_loss_exponent), std::pair("beta", published.token_loss_exponent)}) {
    RETURN_IF_ERROR(FindParameter(law, symbol, "published prior").status());
    if (!options.priors.try_emplace(symbol, Prior{value, kPublishedExponentDeviation}).second) {
      return absl::InvalidArgumentError(absl::StrFormat("prior %s must not be given beside the published prior \"%s\"", symbol, options.published_prior));
    }
  }
  return options;
}

// Exponents that a published prior informs.
int CountInformed(const Prepared& prepared) {
  return static_cast<int>(std::count_if(prepared.free.begin(), prepared.free.end(), [&](int i) {
    const std::string_view symbol = prepared.law->parameters()[i].symbol;
    return symbol == "alpha" || symbol == "beta";
  }));
}

// x of a law in x alone.
absl::StatusOr<Quantity> ChooseAbscissa(const std::vector<Observation>& observations, const FitOptions& options) {
  if (options.abscissa) return *options.abscissa;
  std::vector<Quantity> present;
  for (Quantity quantity : {Quantity::kParameterCount, Quantity::kTokenCount, Quantity::kTrainingFlops, Quantity::kStepCount}) {
    if (std::all_of(observations.begin(), observations.end(), [&](const Observation& o) { return ValueOf(o, quantity).has_value(); })) {
      present.push_back(quantity);
    }
  }
  if (present.size() == 1 || (observations.empty() && !present.empty())) return present.front();
  std::string names;
  for (Quantity quantity : present) names += (names.empty() ? "" : ", ") + std::string(QuantityName(quantity));
  return absl::InvalidArgumentError(absl::StrFormat("%s is a law in one quantity: name it; every run has %s", options.law,
                                                    names.empty() ? "none of N, D, C and S" : names));
}

// The law of that name, or its form in C alone where some run lacks N or D.
absl::StatusOr<const Law*> ChooseForm(const std::vector<Observation>& observations, const std::string& name) {
  ASSIGN_OR_RETURN(const Law* law, FindLaw(name));
  if (law->compute_form().empty()) return law;
  const bool sized = std::all_of(observations.begin(), observations.end(),
                                 [](const Observation& o) { return o.parameter_count.has_value() && o.token_count.has_value(); });
  return sized ? law : FindLaw(law->compute_form());
}

absl::StatusOr<LawInput> MakeInput(const Law& law, const Observation& o, std::optional<Quantity> abscissa) {
  LawInput input;
  for (int i = 0; i < kQuantityCount; ++i) {
    std::optional<double> value = ValueOf(o, kAllQuantities[i]);
    if (kAllQuantities[i] == Quantity::kTrainingFlops) value = TrainingFlopsOf(o);
    if (kAllQuantities[i] == Quantity::kUniqueTokenCount && !value) value = o.token_count;  // Every token was new.
    input.log[i] = std::log(value.value_or(NAN));
  }
  std::vector<Quantity> needed = law.inputs();
  needed.push_back(law.response());
  if (abscissa) needed.push_back(*abscissa);
  for (Quantity quantity : needed) {
    if (std::isnan(input[quantity])) {
      return absl::InvalidArgumentError(absl::StrFormat("%s needs %s, which run \"%s\" lacks", law.name(), QuantityName(quantity), o.run_id));
    }
  }
  input.log_response = input[law.response()];
  if (abscissa) input.log_abscissa = input[*abscissa];
  return input;
}

// The response of the rows of a cell that do about as well as its first.
std::vector<double> NearBestResponses(const std::vector<Observation>& cell, Quantity response) {
  std::vector<double> logs;
  for (const Observation& o : cell) {
    const std::optional<double> value = ValueOf(o, response);
    if (value && o.loss_nats_per_token && *o.loss_nats_per_token <= (1 + kNearOptimalLoss) * *cell.front().loss_nats_per_token) {
      logs.push_back(std::log(*value));
    }
  }
  return logs;
}

}  // namespace

Objective Prepared::objective() const {
  Objective objective{.law = law, .inputs = &inputs, .weights = &weights, .free = free, .lower = lower, .upper = upper, .pulls = pulls};
  objective.huber_delta = loss == LossFunction::kHuber ? huber_delta : loss == LossFunction::kL1 ? 0 : kInfinity;
  objective.scale = loss == LossFunction::kSquared ? 2 : 1;
  return objective;
}

absl::StatusOr<Prepared> Prepare(const std::vector<Observation>& observations, const FitOptions& options) {
  Prepared prepared;
  prepared.loss = options.loss;
  prepared.huber_delta = options.huber_delta;
  ASSIGN_OR_RETURN(prepared.law, ChooseForm(observations, options.law));
  RETURN_IF_ERROR(CheckOptions(options));
  RETURN_IF_ERROR(HoldAndBound(options, prepared));
  ASSIGN_OR_RETURN(const FitOptions informed, WithPublishedPrior(*prepared.law, options));
  RETURN_IF_ERROR(AddPriors(informed, prepared));
  if (!options.published_prior.empty()) prepared.informed_count = CountInformed(prepared);
  for (const Observation& o : observations) RETURN_IF_ERROR(CheckObservation(o));
  if (prepared.law->takes_abscissa()) {
    ASSIGN_OR_RETURN(prepared.abscissa, ChooseAbscissa(observations, options));
  }
  const bool predicts_loss = prepared.law->response() == Quantity::kLoss;
  if (predicts_loss) prepared.sorted = SortByContent(observations);
  for (const std::vector<Observation>& cell : predicts_loss ? std::vector<std::vector<Observation>>{} : GroupIntoCells(observations)) {
    prepared.sorted.push_back(cell.front());
    prepared.near_best_responses.push_back(NearBestResponses(cell, prepared.law->response()));
  }
  prepared.row_count = observations.size();
  for (const Observation& o : prepared.sorted) {
    ASSIGN_OR_RETURN(const LawInput input, MakeInput(*prepared.law, o, prepared.abscissa));
    prepared.inputs.push_back(input);
    prepared.weights.push_back(o.weight);
  }
  return prepared;
}

bool IsSumOfRows(const Prepared& evidence, const FitOptions& options) {
  return evidence.law->name() == options.law && evidence.law->compute_form().empty() && evidence.law->response() == Quantity::kLoss &&
         (!evidence.law->takes_abscissa() || options.abscissa.has_value());
}

absl::Status InsertRow(const Observation& observation, Prepared& evidence) {
  RETURN_IF_ERROR(CheckObservation(observation));
  ASSIGN_OR_RETURN(const LawInput input, MakeInput(*evidence.law, observation, evidence.abscissa));
  const auto place = std::upper_bound(evidence.sorted.begin(), evidence.sorted.end(), observation, ContentLess);
  const auto position = place - evidence.sorted.begin();
  evidence.sorted.insert(place, observation);
  evidence.inputs.insert(evidence.inputs.begin() + position, input);
  evidence.weights.insert(evidence.weights.begin() + position, observation.weight);
  evidence.row_count = evidence.sorted.size();
  return absl::OkStatus();
}

bool EraseRow(const Observation& observation, Prepared& evidence) {
  const auto [first, last] = std::equal_range(evidence.sorted.begin(), evidence.sorted.end(), observation, ContentLess);
  if (first == last) return false;
  auto row = std::find_if(first, last, [&](const Observation& o) { return o.run_id == observation.run_id; });
  if (row == last) row = std::prev(last);
  const auto position = row - evidence.sorted.begin();
  evidence.sorted.erase(row);
  evidence.inputs.erase(evidence.inputs.begin() + position);
  evidence.weights.erase(evidence.weights.begin() + position);
  evidence.row_count = evidence.sorted.size();
  return true;
}

}  // namespace isoflop
