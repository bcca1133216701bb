#include "plugin/service/compute_fit.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/status.h"
#include "core/law/registry.h"
#include "core/quantity/quantity.h"
#include "plugin/service/curve_observations.h"

namespace isoflop {
namespace {

// The value of a named choice; the default where the field is empty.
template <typename Value, typename Parse>
absl::StatusOr<Value> Choose(const char* field, const std::string& text, const char* names, Value standard, Parse parse) {
  if (text.empty()) return standard;
  if (const std::optional<Value> value = parse(text)) return *value;
  return absl::InvalidArgumentError(absl::StrCat(field, " must be ", names, "; got \"", text, "\""));
}

absl::Status CheckOfALaw(const v1::ComputeFitRequest& request) {
  const std::pair<const char*, bool> fields[] = {{"law", !request.law().empty()},
                                                 {"loss_function", !request.loss_function().empty()},
                                                 {"huber_delta", request.has_huber_delta()},
                                                 {"fixed", !request.fixed().empty()},
                                                 {"bounds", !request.bounds().empty()},
                                                 {"priors", !request.priors().empty()},
                                                 {"abscissa", !request.abscissa().empty()},
                                                 {"guess_loss", request.has_guess_loss()},
                                                 {"hold_out_fraction", request.has_hold_out_fraction()}};
  for (const auto& [field, given] : fields) {
    if (given) return absl::InvalidArgumentError(absl::StrCat(field, " is of a law, and approach ", request.approach(), " fits none"));
  }
  return absl::OkStatus();
}

absl::Status ReadReplicas(const v1::ComputeFitRequest& request, FitOptions& options) {
  if (request.has_replica_count()) options.replica_count = request.replica_count();
  if (options.replica_count < 0 || options.replica_count > kGreatestReplicaCount) {
    return absl::InvalidArgumentError(absl::StrCat("replica_count must be 0 to ", kGreatestReplicaCount, ", got ", options.replica_count));
  }
  if (request.seed() < 0) return absl::InvalidArgumentError(absl::StrCat("seed must not be negative, got ", request.seed()));
  if (request.has_seed()) options.seed = static_cast<uint64_t>(request.seed());
  return absl::OkStatus();
}

absl::StatusOr<FitOptions> ReadLawOptions(const v1::ComputeFitRequest& request) {
  FitOptions options;
  if (!request.law().empty()) options.law = request.law();
  ASSIGN_OR_RETURN(options.loss, Choose("loss_function", request.loss_function(), "huber, l1 or squared", options.loss, ParseLossFunction));
  if (request.has_huber_delta()) options.huber_delta = request.huber_delta();
  options.fixed = {request.fixed().begin(), request.fixed().end()};
  for (const auto& [symbol, range] : request.bounds()) options.bounds[symbol] = {range.lower(), range.upper()};
  for (const auto& [symbol, prior] : request.priors()) options.priors[symbol] = {prior.value(), prior.standard_deviation()};
  if (!request.abscissa().empty()) {
    options.abscissa = ParseQuantity(request.abscissa());
    if (!options.abscissa) {
      return absl::InvalidArgumentError(absl::StrCat("abscissa must be a quantity such as token_count, got \"", request.abscissa(), "\""));
    }
  }
  if (request.has_guess_loss()) options.guess_loss = request.guess_loss();
  if (request.has_hold_out_fraction()) options.hold_out_fraction = request.hold_out_fraction();
  return options;
}

// Runs without what the law needs are excluded.
absl::StatusOr<SharedStudy> SelectRuns(const FitSpecification& specification, const SharedStudy& recognized) {
  if (specification.approach != Approach::kParametric) return recognized;
  ASSIGN_OR_RETURN(const Law* law, FindLaw(specification.options.law));
  std::vector<Quantity> needed = law->inputs();
  needed.push_back(law->response());
  if (specification.options.abscissa) needed.push_back(*specification.options.abscissa);
  return StudyOfLaw(recognized, specification.options.law, needed);
}

}  // namespace

absl::StatusOr<FitSpecification> SpecifyFit(const v1::ComputeFitRequest& request) {
  FitSpecification specification;
  ASSIGN_OR_RETURN(specification.approach, Choose("approach", request.approach(), "parametric, isoflop or envelope",
                                                  Approach::kParametric, ParseApproach));
  ASSIGN_OR_RETURN(specification.minimum, Choose("isoflop_minimum", request.isoflop_minimum(), "parabola or akima",
                                                 IsoflopMinimum::kParabola, ParseIsoflopMinimum));
  if (specification.approach != Approach::kParametric) RETURN_IF_ERROR(CheckOfALaw(request));
  if (specification.approach != Approach::kIsoflop && !request.isoflop_minimum().empty()) {
    return absl::InvalidArgumentError(absl::StrCat("isoflop_minimum is of approach isoflop, got ", request.isoflop_minimum(), " for approach ",
                                                   std::string(ApproachName(specification.approach))));
  }
  ASSIGN_OR_RETURN(specification.options, ReadLawOptions(request));
  RETURN_IF_ERROR(ReadReplicas(request, specification.options));
  return specification;
}

bool HasValues(const RunRecord& run, const google::protobuf::Map<std::string, std::string>& values) {
  return std::all_of(values.begin(), values.end(), [&](const auto& wanted) {
    const auto has = [&](const std::map<std::string, std::string>& entries) {
      const auto found = entries.find(wanted.first);
      return found != entries.end() && found->second == wanted.second;
    };
    return has(run.params) || has(run.tags);
  });
}

absl::StatusOr<Fit> ComputeFit(const FitSpecification& specification, const SharedStudy& recognized, const std::function<bool()>& cancelled) {
  if (recognized->observations.size() > kGreatestObservationCount) {
    return absl::FailedPreconditionError(absl::StrCat("study: at most ", kGreatestObservationCount, " runs are fitted in a call, got ",
                                                      recognized->observations.size(), "; narrow it by where"));
  }
  ASSIGN_OR_RETURN(const SharedStudy selected, SelectRuns(specification, recognized));
  FitOptions options = specification.options;
  options.convention = recognized->convention;
  ASSIGN_OR_RETURN(Fit fit, FitByApproach(specification.approach, selected->observations, options, specification.minimum, cancelled));
  fit.excluded = selected->excluded;
  return fit;
}

}  // namespace isoflop
