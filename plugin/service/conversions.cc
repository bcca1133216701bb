#include "plugin/service/conversions.h"

#include <optional>
#include <utility>

#include "google/protobuf/map.h"
#include "google/protobuf/util/time_util.h"
#include "plugin/service/resource_name.h"

namespace isoflop {
namespace {

static_assert(static_cast<int>(RunStatus::kRunning) == v1::RUNNING);
static_assert(static_cast<int>(RunStatus::kScheduled) == v1::SCHEDULED);
static_assert(static_cast<int>(RunStatus::kFinished) == v1::FINISHED);
static_assert(static_cast<int>(RunStatus::kFailed) == v1::FAILED);
static_assert(static_cast<int>(RunStatus::kKilled) == v1::KILLED);

NamedValues NamedValuesOf(const google::protobuf::Map<std::string, std::string>& map) {
  return NamedValues(map.begin(), map.end());
}

MetricPoints PointsOf(const v1::MetricPoints& message) {
  return {.key = message.key(),
          .steps = {message.steps().begin(), message.steps().end()},
          .times_ms = {message.times_ms().begin(), message.times_ms().end()},
          .values = {message.values().begin(), message.values().end()}};
}

RunSnapshot SnapshotOf(const v1::RunSnapshot& message) {
  RunSnapshot snapshot = {.study_id = message.study_id(),
                          .run_name = message.run_name(),
                          .status = static_cast<RunStatus>(message.status()),
                          .deleted = message.deleted(),
                          .start_time_ms = message.start_time_ms(),
                          .end_time_ms = message.end_time_ms(),
                          .params = NamedValuesOf(message.params()),
                          .tags = NamedValuesOf(message.tags()),
                          .metrics = {}};
  for (const v1::MetricPoints& points : message.metrics()) snapshot.metrics.push_back(PointsOf(points));
  return snapshot;
}

v1::Interval IntervalMessage(const Interval& interval) {
  v1::Interval message;
  if (interval.estimate.has_value()) message.set_estimate(*interval.estimate);
  if (interval.lower.has_value()) message.set_lower(*interval.lower);
  if (interval.upper.has_value()) message.set_upper(*interval.upper);
  return message;
}

v1::Range RangeMessage(const std::pair<double, double>& range) {
  v1::Range message;
  message.set_lower(range.first);
  message.set_upper(range.second);
  return message;
}

v1::ParameterConvention ConventionMessage(ParameterConvention convention) {
  switch (convention) {
    case ParameterConvention::kTotal:
      return v1::TOTAL;
    case ParameterConvention::kNonEmbedding:
      return v1::NON_EMBEDDING;
    case ParameterConvention::kWithoutInputEmbedding:
      return v1::WITHOUT_INPUT_EMBEDDING;
    case ParameterConvention::kActive:
      return v1::ACTIVE;
  }
  return v1::PARAMETER_CONVENTION_UNSPECIFIED;
}

v1::Diagnostic::Severity SeverityMessage(Severity severity) {
  switch (severity) {
    case Severity::kInfo:
      return v1::Diagnostic::INFO;
    case Severity::kWarning:
      return v1::Diagnostic::WARNING;
    case Severity::kError:
      return v1::Diagnostic::ERROR;
  }
  return v1::Diagnostic::SEVERITY_UNSPECIFIED;
}

v1::Diagnostic DiagnosticMessage(const Diagnostic& diagnostic) {
  v1::Diagnostic message;
  message.set_code(diagnostic.code);
  message.set_severity(SeverityMessage(diagnostic.severity));
  message.set_title(diagnostic.title);
  message.set_message(diagnostic.message);
  message.mutable_evidence()->insert(diagnostic.evidence.begin(), diagnostic.evidence.end());
  message.set_effect(diagnostic.effect);
  message.set_fix(diagnostic.fix);
  message.set_run_id(diagnostic.run_id);
  message.set_run_name(diagnostic.run_name);
  return message;
}

v1::Exclusion ExclusionMessage(const Exclusion& exclusion) {
  v1::Exclusion message;
  message.set_run_id(exclusion.run_id);
  message.set_run_name(exclusion.run_name);
  message.set_reason(exclusion.reason);
  message.set_point_count(exclusion.point_count);
  return message;
}

v1::LawParameter ParameterMessage(const FittedParameter& parameter) {
  v1::LawParameter message;
  message.set_symbol(parameter.symbol);
  message.set_name(parameter.name);
  *message.mutable_value() = IntervalMessage(parameter.value);
  message.set_fixed(parameter.fixed);
  return message;
}

v1::Basin BasinMessage(const Basin& basin) {
  v1::Basin message;
  message.set_objective(basin.objective);
  message.mutable_parameters()->insert(basin.parameters.begin(), basin.parameters.end());
  return message;
}

v1::Allocation AllocationMessage(const AllocationLaw& allocation) {
  v1::Allocation message;
  *message.mutable_parameter_exponent() = IntervalMessage(allocation.parameter_exponent);
  *message.mutable_token_exponent() = IntervalMessage(allocation.token_exponent);
  message.set_parameter_coefficient(allocation.parameter_coefficient);
  message.set_token_coefficient(allocation.token_coefficient);
  return message;
}

v1::BudgetProfile ProfileMessage(const BudgetProfile& profile) {
  v1::BudgetProfile message;
  message.set_training_flops(profile.training_flops);
  message.set_parameter_count(profile.parameter_count);
  message.set_token_count(profile.token_count);
  if (profile.loss_nats_per_token) message.set_loss_nats_per_token(*profile.loss_nats_per_token);
  if (profile.curvature) message.set_curvature(*profile.curvature);
  message.set_observation_count(profile.observation_count);
  return message;
}

v1::Region RegionMessage(const Region& region) {
  v1::Region message;
  if (region.parameter_count) *message.mutable_parameter_count() = RangeMessage(*region.parameter_count);
  if (region.token_count) *message.mutable_token_count() = RangeMessage(*region.token_count);
  if (region.training_flops) *message.mutable_training_flops() = RangeMessage(*region.training_flops);
  if (region.loss_nats_per_token) *message.mutable_loss_nats_per_token() = RangeMessage(*region.loss_nats_per_token);
  return message;
}

v1::Refit::Kind RefitKindMessage(RefitKind kind) {
  switch (kind) {
    case RefitKind::kCold:
      return v1::Refit::COLD;
    case RefitKind::kIncremental:
      return v1::Refit::INCREMENTAL;
    case RefitKind::kGlobalSearch:
      return v1::Refit::GLOBAL_SEARCH;
    case RefitKind::kAdopted:
      return v1::Refit::ADOPTED;
  }
  return v1::Refit::KIND_UNSPECIFIED;
}

google::protobuf::Duration DurationMessage(double duration_ms) {
  return google::protobuf::util::TimeUtil::MicrosecondsToDuration(static_cast<int64_t>(1000 * duration_ms));
}

v1::ChangedRuns ChangedRunsMessage(const ChangedRuns& runs) {
  v1::ChangedRuns message;
  message.set_count(runs.count);
  message.mutable_run_ids()->Assign(runs.run_ids.begin(), runs.run_ids.end());
  return message;
}

}  // namespace

absl::StatusOr<RunEvent> RunEventOf(const v1::RunEvent& message) {
  RunEvent event = {.run_id = message.run_id(), .kind = {}};
  switch (message.kind_case()) {
    case v1::RunEvent::kStarted:
      event.kind = RunStarted{.study_id = message.started().study_id(),
                              .run_name = message.started().run_name(),
                              .start_time_ms = message.started().start_time_ms()};
      return event;
    case v1::RunEvent::kParamsAndTags: {
      const v1::ParamsAndTags& names = message.params_and_tags();
      event.kind = ParamsAndTags{.params = NamedValuesOf(names.params()),
                                 .tags = NamedValuesOf(names.tags()),
                                 .removed_tags = {names.removed_tags().begin(), names.removed_tags().end()}};
      return event;
    }
    case v1::RunEvent::kMetricPoints:
      event.kind = PointsOf(message.metric_points());
      return event;
    case v1::RunEvent::kEnded:
      event.kind = RunEnded{.status = static_cast<RunStatus>(message.ended().status()),
                            .end_time_ms = message.ended().end_time_ms()};
      return event;
    case v1::RunEvent::kDeleted:
      event.kind = RunDeleted{};
      return event;
    case v1::RunEvent::kRestored:
      event.kind = RunRestored{};
      return event;
    case v1::RunEvent::kSnapshot:
      event.kind = SnapshotOf(message.snapshot());
      return event;
    case v1::RunEvent::KIND_NOT_SET:
      break;
  }
  return absl::InvalidArgumentError("kind must be set, got none (or one that a newer client knows)");
}

v1::FittedLaw FittedLawMessage(const std::string& study_id, const PublishedLaw& law) {
  const Fit& fit = law.fit;
  v1::FittedLaw message = UnkeptLawMessage(fit);
  message.set_name(FittedLawName(study_id, fit.law, fit.version));
  message.set_version(fit.version);
  *message.mutable_create_time() = google::protobuf::util::TimeUtil::MillisecondsToTimestamp(law.create_time_ms);
  *message.mutable_refit() = RefitMessage(law.refit);
  return message;
}

v1::FittedLaw UnkeptLawMessage(const Fit& fit) {
  v1::FittedLaw message;
  message.set_law(fit.law);
  message.set_approach(fit.approach);
  message.set_convention(ConventionMessage(fit.convention));
  message.set_published_prior(fit.published_prior);
  for (const FittedParameter& parameter : fit.parameters) *message.add_parameters() = ParameterMessage(parameter);
  message.set_loss_function(std::string(LossFunctionName(fit.loss)));
  if (fit.loss == LossFunction::kHuber) message.set_huber_delta(fit.huber_delta);
  if (fit.objective.has_value()) message.set_objective(*fit.objective);
  message.set_observation_count(fit.observation_count);
  message.set_observations_hash(fit.observations_hash);
  for (const Basin& basin : fit.basins) *message.add_basins() = BasinMessage(basin);
  if (fit.allocation.has_value()) *message.mutable_allocation() = AllocationMessage(*fit.allocation);
  if (fit.region.has_value()) *message.mutable_region() = RegionMessage(*fit.region);
  if (fit.log_loss_standard_deviation.has_value()) {
    message.set_log_loss_standard_deviation(*fit.log_loss_standard_deviation);
  }
  message.set_replica_count(fit.replica_count);
  message.set_replica_seed(static_cast<int64_t>(fit.seed));
  for (const Exclusion& exclusion : fit.excluded) *message.add_excluded() = ExclusionMessage(exclusion);
  for (const Diagnostic& diagnostic : fit.diagnostics) *message.add_diagnostics() = DiagnosticMessage(diagnostic);
  for (const BudgetProfile& profile : fit.profiles) *message.add_profiles() = ProfileMessage(profile);
  for (const auto& [name, spread] : fit.leave_one_budget_out) (*message.mutable_leave_one_budget_out())[name] = RangeMessage(spread);
  if (fit.hold_out.has_value()) {
    message.mutable_hold_out()->set_observation_count(fit.hold_out->observation_count);
    message.mutable_hold_out()->set_root_mean_square_log_error(fit.hold_out->root_mean_square_log_error);
  }
  return message;
}

v1::Refit RefitMessage(const RefitRecord& refit) {
  v1::Refit message;
  message.set_kind(RefitKindMessage(refit.kind));
  *message.mutable_duration() = DurationMessage(refit.duration_ms);
  if (refit.intervals_duration_ms.has_value()) {
    *message.mutable_intervals_duration() = DurationMessage(*refit.intervals_duration_ms);
  }
  if (refit.change.has_value()) {
    v1::EvidenceChange& change = *message.mutable_change();
    *change.mutable_added() = ChangedRunsMessage(refit.change->added);
    *change.mutable_corrected() = ChangedRunsMessage(refit.change->corrected);
    *change.mutable_withdrawn() = ChangedRunsMessage(refit.change->withdrawn);
    change.set_mapping_changed(refit.change->mapping_changed);
  }
  message.set_basin_changed(refit.basin_changed);
  return message;
}

v1::FittedLawChange FittedLawChangeMessage(const StudyView& view) {
  v1::FittedLawChange message;
  message.set_study(StudyName(view.study_id));
  message.set_version(view.version());
  if (view.law != nullptr) {
    message.set_law(view.law->fit.law);
    message.set_intervals_ready(view.law->intervals_ready);
    message.set_observation_count(view.law->fit.observation_count);
  }
  for (const auto& [name, law] : view.other_laws) {
    v1::NewestVersion& other = *message.add_other_laws();
    other.set_law(name);
    other.set_version(law->fit.version);
    other.set_intervals_ready(law->intervals_ready);
  }
  return message;
}

v1::Advice AdviceMessage(const Advice& advice) {
  v1::Advice message;
  message.set_budget_flops(advice.budget_flops);
  *message.mutable_parameter_count() = IntervalMessage(advice.parameter_count);
  *message.mutable_token_count() = IntervalMessage(advice.token_count);
  if (advice.as_good_parameter_count.has_value()) {
    *message.mutable_as_good_parameter_count() = RangeMessage(*advice.as_good_parameter_count);
  }
  if (advice.tolerance.has_value()) {
    message.mutable_tolerance()->set_loss_share(advice.tolerance->loss_share);
    message.mutable_tolerance()->set_is_set(advice.tolerance->is_set);
  }
  message.set_convention(ConventionMessage(advice.convention));
  *message.mutable_loss_nats_per_token() = IntervalMessage(advice.loss_nats_per_token);
  if (advice.tokens_per_parameter.has_value()) message.set_tokens_per_parameter(*advice.tokens_per_parameter);
  message.set_extrapolation_factor(advice.extrapolation_factor);
  for (const Diagnostic& diagnostic : advice.diagnostics) *message.add_diagnostics() = DiagnosticMessage(diagnostic);
  if (advice.drift_weighted.has_value()) {
    v1::DriftWeightedAdvice& weighted = *message.mutable_drift_weighted();
    *weighted.mutable_parameter_count() = IntervalMessage(advice.drift_weighted->parameter_count);
    *weighted.mutable_token_count() = IntervalMessage(advice.drift_weighted->token_count);
    *weighted.mutable_loss_nats_per_token() = IntervalMessage(advice.drift_weighted->loss_nats_per_token);
    if (advice.drift_weighted->tokens_per_parameter.has_value()) {
      weighted.set_tokens_per_parameter(*advice.drift_weighted->tokens_per_parameter);
    }
    weighted.set_weight_sum(advice.drift_weighted->weight_sum);
  }
  return message;
}

v1::Study StudyMessage(const StudyView& view) {
  v1::Study message;
  message.set_name(StudyName(view.study_id));
  message.set_display_name(view.display_name);
  message.set_run_count(view.run_count);
  message.set_running_run_count(view.running_run_count);
  message.set_newest_version(view.version());
  if (view.law != nullptr) message.set_observation_count(view.law->fit.observation_count);
  for (const QuantitySource& source : view.recognized->mapping) {
    v1::QuantitySource& mapped = *message.add_mapping();
    mapped.set_quantity(source.quantity);
    mapped.set_kind(source.kind);
    mapped.set_key(source.key);
    mapped.set_reason(source.reason);
    mapped.set_by_hand(source.by_hand);
    mapped.set_unit(source.unit);
  }
  message.mutable_settings()->insert(view.settings->tags.begin(), view.settings->tags.end());
  return message;
}

}  // namespace isoflop
