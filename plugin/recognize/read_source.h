#ifndef ISOFLOP_PLUGIN_RECOGNIZE_READ_SOURCE_H_
#define ISOFLOP_PLUGIN_RECOGNIZE_READ_SOURCE_H_

#include <optional>
#include <string>
#include <vector>

#include "core/quantity/quantity.h"
#include "plugin/recognize/recognize.h"

namespace isoflop {

// The source that a study reads a quantity from; null where no run has one.
const QuantitySource* SourceOf(const std::vector<QuantitySource>& mapping, Quantity quantity);

// The metric that it is, in which a run's value grows with its steps; nothing where it is none.
std::optional<std::string> MetricOf(const std::vector<QuantitySource>& mapping, Quantity quantity);

// How many of the quantity's own units one of the figures logged under its source is; 1 without a source.
double UnitOf(const std::vector<QuantitySource>& mapping, Quantity quantity);

// What a run's params or tags say of a quantity, in its own unit: of a run under way, what is planned. Nothing where the study reads it from
// metrics, or the run lacks it or has no usable number there.
std::optional<double> PlannedValue(const RunRecord& run, const std::vector<QuantitySource>& mapping, Quantity quantity);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_RECOGNIZE_READ_SOURCE_H_
