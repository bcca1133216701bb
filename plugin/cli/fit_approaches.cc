#include "plugin/cli/fit_approaches.h"

#include "absl/strings/str_format.h"
#include "core/base/status.h"
#include "core/fit/allocation_diagnostics.h"
#include "core/fit/approach.h"
#include "plugin/cli/replica_progress.h"

namespace isoflop {
namespace {

absl::StatusOr<Fit> FitBy(const std::string& approach, const ApproachFlags& flags, bool runs_named, const FitOptions& options,
                          const std::vector<Observation>& observations) {
  if (approach == "envelope" && !runs_named) {
    return absl::InvalidArgumentError("it needs training curves: name the column that tells runs apart with --run");
  }
  ReplicaProgress progress(options.replica_count);
  return FitByApproach(*ParseApproach(approach), observations, options, *ParseIsoflopMinimum(flags.minimum), [&progress] {
    progress.Advance();
    return false;
  });
}

// What stands for an approach that these runs cannot feed.
Fit NotPossible(const std::string& approach, const FitOptions& options, const std::vector<Observation>& observations, const absl::Status& why) {
  Fit fit{.approach = approach, .convention = options.convention, .loss = LossFunction::kSquared, .seed = options.seed};
  fit.observation_count = static_cast<int64_t>(observations.size());
  fit.observations_hash = HashObservations(SortByContent(observations));
  fit.diagnostics.push_back(ApproachNotPossible(approach, std::string(why.message())));
  return fit;
}

}  // namespace

void AddApproachFlags(CLI::App& command, ApproachFlags& flags) {
  command.add_option("--approach", flags.approach,
                     "parametric: a law. isoflop: the best size of each budget (C given to 2 %, or 6ND). envelope: the least loss of training "
                     "curves (rows of one --run). all: the three side by side")
      ->capture_default_str()
      ->check(CLI::IsMember({"parametric", "isoflop", "envelope", "all"}));
  command.add_option("--isoflop-minimum", flags.minimum, "Of a budget: parabola of the loss in ln N, or akima interpolant of its logarithm")
      ->capture_default_str()
      ->check(CLI::IsMember({"parabola", "akima"}));
}

absl::StatusOr<std::vector<Quantity>> NeededQuantities(const ApproachFlags& approach, const FitFlags& flags, const FitOptions& options) {
  if (approach.approach == "parametric" || approach.approach == "all") return NeededQuantities(options);
  const std::pair<const char*, bool> of_a_law[] = {{"--fix", !flags.fixed.empty()},
                                                   {"--bounds", !flags.bounds.empty()},
                                                   {"--prior", !flags.priors.empty()},
                                                   {"--against", !flags.abscissa.empty()}};
  for (const auto& [flag, given] : of_a_law) {
    if (given) return absl::InvalidArgumentError(absl::StrFormat("%s is of a law, and --approach %s fits none", flag, approach.approach));
  }
  return std::vector<Quantity>{Quantity::kLoss, Quantity::kTrainingFlops, Quantity::kParameterCount, Quantity::kTokenCount};
}

absl::StatusOr<std::vector<Fit>> FitApproaches(const ApproachFlags& approach, const FitFlags& flags, const FitOptions& options, const RunsRead& runs) {
  const bool all = approach.approach == "all";
  const std::vector<std::string> names = all ? std::vector<std::string>{"parametric", "isoflop", "envelope"} : std::vector{approach.approach};
  std::vector<Fit> fits;
  for (const RunGroup& group : runs.groups) {
    for (const std::string& name : names) {
      absl::StatusOr<Fit> fit = FitBy(name, approach, !flags.run_column.empty(), options, group.observations);
      if (!fit.ok() && all && name != "parametric") fit = NotPossible(name, options, group.observations, fit.status());
      if (!fit.ok() && !all && name != "parametric") {
        return absl::InvalidArgumentError(absl::StrFormat("--approach %s: %s", name, fit.status().message()));
      }
      if (!fit.ok()) return fit.status();
      fit->group = group.name;
      fit->excluded = runs.excluded;
      fits.push_back(*std::move(fit));
    }
  }
  return fits;
}

}  // namespace isoflop
