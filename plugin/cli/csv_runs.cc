#include "plugin/cli/csv_runs.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <optional>
#include <regex>
#include <set>

#include "absl/strings/str_format.h"
#include "core/base/status.h"
#include "core/quantity/architecture.h"
#include "plugin/cli/csv_columns.h"
#include "plugin/cli/csv_table.h"
#include "plugin/recognize/derive_counts.h"
#include "plugin/recognize/read_architecture.h"
#include "plugin/recognize/schedule.h"
#include "plugin/recognize/usable_value.h"

namespace isoflop {
namespace {

// Digits in groups of three, "1,234,567", without the commas; other text as it is.
std::string WithoutGroups(const std::string& text) {
  static const auto* const kGrouped = new std::regex(R"( *[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)? *)");
  if (text.find(',') == std::string::npos || !std::regex_match(text, *kGrouped)) return text;
  std::string digits = text;
  std::erase(digits, ',');
  return digits;
}

// How to write a number that was written otherwise.
const char* WritingHint(const std::string& text) {
  if (text.find(',') != std::string::npos) return "; write a decimal point and no separators";
  const bool digit = !text.empty() && std::isdigit(static_cast<unsigned char>(text.front()));
  return digit && std::string("kKmMbBtT").find(text.back()) != std::string::npos ? "; write it out, such as 7e9" : "";
}

bool IsNeeded(const CsvColumns& columns, Quantity quantity) {
  return std::find(columns.needed.begin(), columns.needed.end(), quantity) != columns.needed.end();
}

// Quantities that only some laws use: where none is needed, text that is no positive number is a label.
bool IsQualifier(Quantity quantity) {
  return quantity == Quantity::kUniqueTokenCount || quantity == Quantity::kStepCount || quantity == Quantity::kBatchTokenCount ||
         quantity == Quantity::kLearningRate;
}

// The figure in one cell; nothing where the cell is empty and not needed, or where it breaks a rule, which is added to `bad`.
std::optional<double> ReadCell(const CsvRecord& record, Quantity quantity, const CsvColumn& column, bool needed, std::vector<BadCell>& bad) {
  const std::string& text = record.fields[column.index];
  if (text.empty() && !needed) return std::nullopt;
  // A loss of "3,734" may be 3.734.
  const bool whole = quantity != Quantity::kLoss && quantity != Quantity::kLearningRate && column.unit == 1;
  const absl::StatusOr<double> number = ParseNumber(whole ? WithoutGroups(text) : text);
  if (!needed && IsQualifier(quantity) && (!number.ok() || *number <= 0)) return std::nullopt;
  std::optional<std::string> rule;
  if (text.empty()) {
    rule = "is missing";
  } else if (!number.ok()) {
    rule = std::string(number.status().message()) + WritingHint(text);
  } else {
    rule = WhyUnusable(*number * column.unit);
  }
  if (!rule) return *number * column.unit;
  bad.push_back({record.line, column.name, *std::move(rule)});
  return std::nullopt;
}

void ReadWeight(const CsvRecord& record, const CsvRecord& header, size_t column, CsvRuns& runs, Observation& observation) {
  const absl::StatusOr<double> weight = ParseNumber(record.fields[column]);
  if (weight.ok() && std::isfinite(*weight) && *weight >= 0) {
    observation.weight = *weight;
    return;
  }
  runs.bad_cells.push_back({record.line, header.fields[column],
                            weight.ok() ? absl::StrFormat("must be finite and not negative, got %g", *weight)
                                        : std::string(weight.status().message())});
}

// N from the columns that describe the network.
void CountSize(const CsvOptions& options, CsvRuns& runs, Observation& o) {
  absl::StatusOr<Architecture> architecture = ReadArchitecture(o.labels);
  const absl::StatusOr<double> count =
      architecture.ok() ? CountParameters(*architecture, options.architecture_convention) : architecture.status();
  if (count.ok()) {
    o.parameter_count = *count;
  } else {
    runs.bad_cells.push_back({o.line, "", std::string(count.status().message())});
  }
}

void ReadRecord(const CsvRecord& record, const CsvRecord& header, const CsvColumns& columns, const CsvOptions& options, CsvRuns& runs) {
  if (record.fields.size() != header.fields.size()) {
    runs.bad_cells.push_back({record.line, "", absl::StrFormat("must have %d fields as the header has, got %d", header.fields.size(),
                                                               record.fields.size())});
    return;
  }
  for (const auto& [index, value] : columns.where) {
    if (record.fields[index] != value) return;
  }
  const size_t bad_before = runs.bad_cells.size();
  Observation observation{.line = record.line};
  std::set<size_t> used;
  for (const auto& [quantity, column] : columns.quantities) {
    const bool needed = IsNeeded(columns, quantity);
    ValueOf(observation, quantity) = ReadCell(record, quantity, column, needed, runs.bad_cells);
    if (needed || !IsQualifier(quantity) || ValueOf(observation, quantity)) used.insert(column.index);
  }
  if (columns.weight) ReadWeight(record, header, *columns.weight, runs, observation);
  for (size_t i = 0; i < record.fields.size(); ++i) {
    if (used.count(i) == 0) observation.labels[header.fields[i]] = record.fields[i];
  }
  for (const auto& [field, text] : options.architecture) observation.labels[field] = text;
  if (columns.sizes_from_architecture) CountSize(options, runs, observation);
  if (runs.bad_cells.size() > bad_before) return;
  DeriveCounts(columns.needed, observation);
  EnterSchedule(ReadSchedule(columns.schedule, record.fields), observation);
  for (Quantity quantity : columns.needed) {
    if (ValueOf(observation, quantity) || columns.quantities.count(quantity) > 0 || quantity == Quantity::kUniqueTokenCount ||
        (quantity == Quantity::kTrainingFlops && TrainingFlopsOf(observation))) {
      continue;
    }
    runs.bad_cells.push_back({record.line, "", absl::StrFormat("%s neither given nor derivable from C = 6ND or D = SB", QuantityName(quantity))});
    return;
  }
  if (columns.run_id) observation.run_id = record.fields[*columns.run_id];
  if (columns.run_name) observation.run_name = record.fields[*columns.run_name];
  if (columns.run_group) observation.run_group = record.fields[*columns.run_group];
  runs.observations.push_back(std::move(observation));
}

}  // namespace

absl::StatusOr<CsvRuns> ReadCsvRuns(std::string_view text, std::string_view file_name, const CsvOptions& options) {
  ASSIGN_OR_RETURN(const std::vector<CsvRecord> records, ReadCsvRecords(text, file_name));
  if (records.empty()) return absl::InvalidArgumentError(absl::StrFormat("%s:1: there must be a header line, got an empty file", file_name));
  const CsvRecord& header = records.front();
  ASSIGN_OR_RETURN(const CsvColumns columns, FindColumns(header, file_name, options));
  CsvRuns runs{.convention = columns.convention,
               .sizes_from_architecture = columns.sizes_from_architecture,
               .columns_read = DescribeColumns(columns)};
  if (const auto loss = columns.quantities.find(Quantity::kLoss); loss != columns.quantities.end()) runs.loss_column = loss->second.name;
  for (size_t i = 1; i < records.size(); ++i) ReadRecord(records[i], header, columns, options, runs);
  return runs;
}

}  // namespace isoflop
