#include "plugin/recognize/read_source.h"

#include "plugin/recognize/usable_value.h"

namespace isoflop {

const QuantitySource* SourceOf(const std::vector<QuantitySource>& mapping, Quantity quantity) {
  for (const QuantitySource& source : mapping) {
    if (source.quantity == QuantityName(quantity)) return &source;
  }
  return nullptr;
}

std::optional<std::string> MetricOf(const std::vector<QuantitySource>& mapping, Quantity quantity) {
  const QuantitySource* source = SourceOf(mapping, quantity);
  if (source == nullptr || source->kind != "metric") return std::nullopt;
  return source->key;
}

double UnitOf(const std::vector<QuantitySource>& mapping, Quantity quantity) {
  const QuantitySource* source = SourceOf(mapping, quantity);
  return source == nullptr ? 1 : source->unit;
}

std::optional<double> PlannedValue(const RunRecord& run, const std::vector<QuantitySource>& mapping, Quantity quantity) {
  const QuantitySource* source = SourceOf(mapping, quantity);
  if (source == nullptr || (source->kind != "param" && source->kind != "tag")) return std::nullopt;
  const auto& entries = source->kind == "param" ? run.params : run.tags;
  const auto found = entries.find(source->key);
  if (found == entries.end()) return std::nullopt;
  const absl::StatusOr<double> number = ParseNumber(found->second);
  if (!number.ok() || WhyUnusable(*number)) return std::nullopt;
  return *number * source->unit;
}

}  // namespace isoflop
