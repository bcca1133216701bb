#include "plugin/document/thin_document.h"

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/advice/candidate_runs.h"
#include "core/base/significant_digits.h"
#include "core/fit/diagnostics.h"
#include "core/fit/prior_offer.h"
#include "plugin/document/next_runs_document.h"
#include "plugin/document/round_steps.h"

namespace isoflop {
namespace {

using nlohmann::ordered_json;

constexpr double kUsualBudget = 1e19;  // Of first runs, where nothing is known yet.
constexpr size_t kNeededRuns = 7;      // Free parameters of the law + 2.
constexpr size_t kRunsOfPrior = 2;     // For which a published prior stands in.
constexpr size_t kNeededValues = 3;    // Of sizes, and of token counts.

ordered_json NeedObject(std::string need, bool met, size_t have, std::string detail) {
  return {{"need", std::move(need)}, {"met", met}, {"have", have}, {"detail", std::move(detail)}};
}

std::string SoFar(size_t count) { return absl::StrFormat("%d so far.", count); }

ordered_json RunsNeed(const RecognizedStudy& study, bool under_prior) {
  const size_t have = study.observations.size(), needed = kNeededRuns - (under_prior ? kRunsOfPrior : 0);
  return NeedObject(absl::StrFormat("%d finished runs with size, tokens and loss", needed), have >= needed, have,
                    study.running_count > 0 ? absl::StrFormat("%d so far, %d running.", have, study.running_count) : SoFar(have));
}

ordered_json RatioNeed(const std::vector<Observation>& runs) {
  constexpr char kNeed[] = "Tokens per parameter that vary";
  if (runs.empty()) return NeedObject(kNeed, false, 0, "No run so far.");
  std::set<double> ratios;
  for (const Observation& o : runs) ratios.insert(*o.token_count / *o.parameter_count);
  const std::string least = absl::StrFormat("%.3g", *ratios.begin()), greatest = absl::StrFormat("%.3g", *ratios.rbegin());
  const std::string span = least == greatest ? least : absl::StrCat(least, " to ", greatest);
  const bool met = runs.size() > 1 && !HasConstantRatio(runs);
  return NeedObject(kNeed, met, runs.size(), met ? span + "." : absl::StrCat("Yours: ", span, ", so size and data cannot be told apart."));
}

ordered_json NeedArray(const RecognizedStudy& study, bool under_prior) {
  std::set<double> sizes, tokens;
  for (const Observation& o : study.observations) {
    sizes.insert(*o.parameter_count);
    tokens.insert(*o.token_count);
  }
  return ordered_json::array({RunsNeed(study, under_prior),
                              NeedObject("3 different sizes", sizes.size() >= kNeededValues, sizes.size(), SoFar(sizes.size())),
                              NeedObject("3 different token counts", tokens.size() >= kNeededValues, tokens.size(), SoFar(tokens.size())),
                              RatioNeed(study.observations)});
}

ordered_json RunArray(const std::vector<CandidateRun>& runs) {
  ordered_json array = ordered_json::array();
  for (const CandidateRun& run : runs) {
    array.push_back({{"parameter_count", run.parameter_count}, {"token_count", run.token_count}, {"training_flops", run.training_flops}});
  }
  return array;
}

ordered_json OfferObject(const std::optional<PriorOffer>& offer) {
  if (!offer) return nullptr;
  return {{"name", offer->name}, {"source", offer->source}, {"weight", RoundResult(offer->weight)}};
}

}  // namespace

ordered_json ThinObject(const RecognizedStudy& study, const Fit* fit) {
  ordered_json object = {{"needs", ordered_json::array()}, {"suggested_runs", ordered_json::array()}, {"suggested_plan", nullptr}};
  object["prior_offer"] = fit == nullptr ? ordered_json(nullptr) : OfferObject(OfferPublishedPrior(study.observations, *fit));
  if (fit != nullptr && fit->identified()) return object;
  const double base = fit != nullptr && fit->region ? RoundStepAtMost(fit->region->training_flops->second) : kUsualBudget;
  const std::vector<CandidateRun> runs = FirstRuns(base, study.observations);
  object["needs"] = NeedArray(study, fit != nullptr && !fit->published_prior.empty());
  object["suggested_runs"] = RunArray(runs);
  object["suggested_plan"] = PlanTextOf(runs);
  return object;
}

}  // namespace isoflop
