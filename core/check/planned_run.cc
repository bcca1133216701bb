#include "core/check/planned_run.h"

#include <algorithm>
#include <array>

#include "core/quantity/training_flops.h"

namespace isoflop {
namespace {

// In the order of ScheduleForm.
constexpr std::array<std::string_view, 5> kFormNames = {"constant", "linear", "cosine", "inverse_square_root", "warm_up_stable_decay"};

}  // namespace

std::string PlaceText(const Place& place) {
  if (place.line == 0) return place.file;
  return place.file + ":" + std::to_string(place.line) + ":" + std::to_string(place.column);
}

std::string_view ScheduleFormName(ScheduleForm form) { return kFormNames[static_cast<size_t>(form)]; }

std::optional<ScheduleForm> ParseScheduleForm(std::string_view name) {
  const auto* const found = std::find(kFormNames.begin(), kFormNames.end(), name);
  if (found == kFormNames.end()) return std::nullopt;
  return static_cast<ScheduleForm>(found - kFormNames.begin());
}

FieldSource SourceOf(const PlannedRun& run, std::string_view field) {
  const auto found = run.sources.find(field);
  return found == run.sources.end() ? FieldSource{.place = run.place} : found->second;
}

std::optional<double> ParameterCountIn(const PlannedRun& run, ParameterConvention convention) {
  if (run.architecture) {
    const absl::StatusOr<double> count = CountParameters(*run.architecture, convention);
    if (count.ok()) return *count;
  }
  if (convention == run.parameter_convention && run.parameter_count) return run.parameter_count;
  return convention == ParameterConvention::kActive ? run.active_parameter_count : std::nullopt;
}

std::optional<double> TrainingFlopsOf(const PlannedRun& run, ParameterConvention convention) {
  if (run.training_flops) return run.training_flops;
  const std::optional<double> parameter_count = ParameterCountIn(run, convention);
  if (!parameter_count || !run.token_count) return std::nullopt;
  return TrainingFlops(*parameter_count, *run.token_count);
}

}  // namespace isoflop
