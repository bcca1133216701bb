#include "plugin/recognize/observe_run.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "core/quantity/training_flops.h"
#include "plugin/recognize/exclusion_tag.h"
#include "plugin/recognize/schedule.h"
#include "plugin/recognize/usable_value.h"

namespace isoflop {
namespace {

// The figure that a run has under `source`, in the quantity's own unit. `why` says what is wrong when there is none.
std::optional<double> ReadQuantity(const RunRecord& run, const Source& source, std::string& why) {
  std::optional<double> value;
  if (source.kind == SourceKind::kMetric) {
    const auto found = run.metrics.find(source.key);
    if (found != run.metrics.end()) value = found->second.value;
  } else {
    const auto& entries = source.kind == SourceKind::kParam ? run.params : run.tags;
    const auto found = entries.find(source.key);
    if (found != entries.end()) {
      const absl::StatusOr<double> number = ParseNumber(found->second);
      if (!number.ok()) {
        why = absl::StrFormat("%s `%s` %s", SourceKindName(source.kind), source.key, number.status().message());
        return std::nullopt;
      }
      value = *number;
    }
  }
  if (!value) {
    why = absl::StrFormat("%s `%s` was not logged", SourceKindName(source.kind), source.key);
    return std::nullopt;
  }
  if (std::optional<std::string> unusable = WhyUnusable(*value)) {
    why = absl::StrFormat("%s `%s` %s",
                          source.kind == SourceKind::kMetric ? "last value of metric" : SourceKindName(source.kind),
                          source.key, *unusable);
    return std::nullopt;
  }
  return *value * source.unit;
}

// Fills the figures of one run; answers why it cannot be used, or nothing.
std::optional<std::string> Observe(const RunRecord& run, const SourceMapping& mapping, Observation& observation) {
  std::string why;
  const auto read = [&](const std::optional<SourceChoice>& choice) -> std::optional<double> {
    if (!choice) return std::nullopt;
    return ReadQuantity(run, choice->source, why);
  };
  const auto loss = read(mapping.loss);
  if (!loss) return why;
  const auto n = read(mapping.parameter_count);
  if (mapping.parameter_count && !n) return why;
  const auto d = read(mapping.token_count);
  if (mapping.token_count && !d) return why;
  const auto c = read(mapping.training_flops);
  // C is needed only where N or D follows from it; a bad one is still named rather than used.
  if (mapping.training_flops && !c && (!n || !d || why.find("was not logged") == std::string::npos)) return why;
  observation.loss_nats_per_token = *loss;
  observation.parameter_count = n ? *n : *c / (kFlopsPerParameterToken * *d);
  observation.token_count = d ? *d : TokenCountForBudget(*c, *n);
  observation.training_flops = c;
  for (const auto& [quantity, choice] : mapping.qualifiers) ValueOf(observation, quantity) = ReadQuantity(run, choice.source, why);
  return std::nullopt;
}

std::vector<Exclusion> ListUnusedPoints(const RunRecord& run, const std::string& loss_key) {
  std::vector<Exclusion> excluded;
  const MetricSummary& loss = run.metrics.at(loss_key);
  const auto list = [&](int64_t count, const char* why) {
    if (count == 0) return;
    excluded.push_back({.run_id = run.run_id,
                        .run_name = run.run_name,
                        .reason = absl::StrFormat("points of `%s` %s", loss_key, why),
                        .point_count = count});
  };
  list(loss.repeated_step_count, "repeat a step that a later point has too");
  list(loss.out_of_order_count, "are out of order: logged after a point of a greater step");
  list(loss.not_finite_count, "are not finite");
  return excluded;
}

ObservedRun LeftOut(const RunRecord& run, std::string reason) {
  ObservedRun observed;
  observed.excluded.push_back({.run_id = run.run_id, .run_name = run.run_name, .reason = std::move(reason)});
  return observed;
}

}  // namespace

SourceMapping ChooseSources(const SourceCounts& counts) {
  SourceMapping mapping = {.loss = counts.Choose(Quantity::kLoss),
                           .parameter_count = counts.Choose(Quantity::kParameterCount),
                           .token_count = counts.Choose(Quantity::kTokenCount),
                           .training_flops = counts.Choose(Quantity::kTrainingFlops),
                           .qualifiers = {}};
  for (Quantity quantity :
       {Quantity::kUniqueTokenCount, Quantity::kStepCount, Quantity::kBatchTokenCount, Quantity::kLearningRate}) {
    if (std::optional<SourceChoice> choice = counts.Choose(quantity)) mapping.qualifiers.emplace(quantity, *std::move(choice));
  }
  return mapping;
}

std::vector<std::string> SourceMapping::Missing() const {
  std::vector<std::string> missing;
  const auto need = [&](Quantity quantity, bool known) {
    if (!known) missing.emplace_back(QuantityName(quantity));
  };
  const bool has_n = parameter_count.has_value(), has_d = token_count.has_value(), has_c = training_flops.has_value();
  need(Quantity::kLoss, loss.has_value());
  need(Quantity::kParameterCount, has_n || (has_c && has_d));
  need(Quantity::kTokenCount, has_d || (has_c && has_n));
  return missing;
}

bool SourceMapping::ReadsAs(const SourceMapping& other) const {
  const auto same = [](const std::optional<SourceChoice>& a, const std::optional<SourceChoice>& b) {
    return a.has_value() == b.has_value() && (!a.has_value() || a->source == b->source);
  };
  return same(loss, other.loss) && same(parameter_count, other.parameter_count) &&
         same(token_count, other.token_count) && same(training_flops, other.training_flops) &&
         std::equal(qualifiers.begin(), qualifiers.end(), other.qualifiers.begin(), other.qualifiers.end(),
                    [](const auto& a, const auto& b) { return a.first == b.first && a.second.source == b.second.source; });
}

ObservedRun ObserveRun(const RunRecord& run, const SourceMapping& mapping) {
  if (run.status == RunStatus::kFailed) return LeftOut(run, "ended as FAILED");
  if (run.status == RunStatus::kKilled) return LeftOut(run, "ended as KILLED");
  if (std::optional<std::string> why = ReasonToExclude(run)) return LeftOut(run, *std::move(why));
  const std::vector<std::string> missing = mapping.Missing();
  if (!missing.empty()) return LeftOut(run, "not recognised in this study: " + absl::StrJoin(missing, ", "));
  Observation observation{.run_id = run.run_id, .run_name = run.run_name, .end_time_ms = run.end_time_ms};
  if (std::optional<std::string> why = Observe(run, mapping, observation)) return LeftOut(run, *std::move(why));
  EnterSchedule(ReadSchedule(run), observation);
  return {.observation = std::move(observation), .excluded = ListUnusedPoints(run, mapping.loss->source.key)};
}

}  // namespace isoflop
