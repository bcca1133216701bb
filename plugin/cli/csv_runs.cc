#include "plugin/cli/csv_runs.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>

#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "core/base/status.h"
#include "core/quantity/architecture.h"
#include "plugin/cli/csv_table.h"
#include "plugin/recognize/derive_counts.h"
#include "plugin/recognize/quantity_names.h"
#include "plugin/recognize/read_architecture.h"
#include "plugin/recognize/usable_value.h"

namespace isoflop {
namespace {

// A column that holds a quantity.
struct Column {
  size_t index = 0;
  std::string name;
  double unit = 1;
};

struct Columns {
  std::map<Quantity, Column> quantities;
  std::optional<size_t> run_id, run_name;  // Labels that name the run.
  std::optional<size_t> weight, run_group;
  bool sizes_from_architecture = false;
  std::vector<std::pair<size_t, std::string>> where;
  ParameterConvention convention = ParameterConvention::kTotal;
};

absl::Status CheckHeader(const CsvRecord& header, std::string_view file_name) {
  std::set<std::string> seen;
  for (const std::string& name : header.fields) {
    if (!seen.insert(name).second) {
      return absl::InvalidArgumentError(absl::StrFormat("%s:%d: column names must differ, got \"%s\" twice", file_name, header.line, name));
    }
  }
  return absl::OkStatus();
}

std::optional<size_t> FindColumn(const CsvRecord& header, const std::string& name) {
  const auto found = std::find(header.fields.begin(), header.fields.end(), name);
  if (found == header.fields.end()) return std::nullopt;
  return found - header.fields.begin();
}

// The best-ranked known name among the columns.
std::optional<Column> RecognizeColumn(const CsvRecord& header, Quantity quantity, const std::set<size_t>& taken, ParameterConvention& convention) {
  const KnownName* best = nullptr;
  size_t index = 0;
  for (size_t i = 0; i < header.fields.size(); ++i) {
    const KnownName* known = FindKnownName(header.fields[i]);
    if (known == nullptr || known->quantity != quantity || taken.count(i) > 0) continue;
    if (best == nullptr || known < best) {  // One table a quantity, most trusted first.
      best = known;
      index = i;
    }
  }
  if (best == nullptr) return std::nullopt;
  if (quantity == Quantity::kParameterCount) convention = best->convention;
  return Column{index, header.fields[index], best->unit};
}

absl::StatusOr<size_t> NamedColumn(const CsvRecord& header, std::string_view file_name, const std::string& flag, const std::string& name) {
  if (const std::optional<size_t> index = FindColumn(header, name)) return *index;
  return absl::InvalidArgumentError(absl::StrFormat("%s:%d: %s names the column \"%s\", which is not there; columns: %s", file_name, header.line,
                                                    flag, name, absl::StrJoin(header.fields, ", ")));
}

// The first of these that has no column and does not follow from others: by C = 6ND, D = SB, or every token being new.
std::optional<Quantity> FindMissing(const Columns& columns, const std::vector<Quantity>& needed) {
  const auto has = [&](Quantity quantity) { return columns.quantities.count(quantity) > 0; };
  const bool sized = has(Quantity::kParameterCount) || columns.sizes_from_architecture;
  const bool has_tokens = has(Quantity::kTokenCount) || (has(Quantity::kStepCount) && has(Quantity::kBatchTokenCount)) ||
                          (has(Quantity::kTrainingFlops) && sized);
  const bool has_size = sized || (has(Quantity::kTrainingFlops) && has_tokens);
  for (Quantity quantity : needed) {
    const bool derived = (quantity == Quantity::kParameterCount && has_size) || (quantity == Quantity::kTokenCount && has_tokens) ||
                         (quantity == Quantity::kTrainingFlops && has_size && has_tokens) ||
                         (quantity == Quantity::kUniqueTokenCount && has_tokens) ||
                         (quantity == Quantity::kStepCount && has_tokens && has(Quantity::kBatchTokenCount)) ||
                         (quantity == Quantity::kBatchTokenCount && has_tokens && has(Quantity::kStepCount));
    if (!has(quantity) && !derived) return quantity;
  }
  return std::nullopt;
}

absl::Status CheckNeeded(const Columns& columns, const CsvOptions& options, const CsvRecord& header, std::string_view file_name) {
  const std::optional<Quantity> missing = FindMissing(columns, options.needed);
  if (!missing) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrFormat("%s:%d: no column is recognised as %s; name one with --map %s=COLUMN. Columns: %s", file_name,
                                                    header.line, QuantityName(*missing), QuantityName(*missing),
                                                    absl::StrJoin(header.fields, ", ")));
}

bool CanCountSizes(const CsvRecord& header, const CsvOptions& options) {
  std::map<std::string, std::string> names = options.architecture;
  for (const std::string& name : header.fields) names.emplace(name, "");
  return DescribesArchitecture(names, options.architecture_convention);
}

absl::StatusOr<Columns> FindColumns(const CsvRecord& header, std::string_view file_name, const CsvOptions& options) {
  Columns columns;
  std::set<size_t> taken;
  for (const auto& [quantity, name] : options.mapping) {
    ASSIGN_OR_RETURN(const size_t index, NamedColumn(header, file_name, "--map " + std::string(QuantityName(quantity)), name));
    columns.quantities[quantity] = {index, name};
    taken.insert(index);
  }
  if (!options.weight_column.empty()) {
    ASSIGN_OR_RETURN(columns.weight, NamedColumn(header, file_name, "--weight", options.weight_column));
  }
  if (!options.run_column.empty()) {
    ASSIGN_OR_RETURN(columns.run_group, NamedColumn(header, file_name, "--run", options.run_column));
  }
  for (const auto& [name, value] : options.where) {
    ASSIGN_OR_RETURN(const size_t index, NamedColumn(header, file_name, "--where", name));
    columns.where.emplace_back(index, value);
  }
  for (Quantity quantity : kAllQuantities) {
    if (columns.quantities.count(quantity) > 0) continue;
    if (std::optional<Column> column = RecognizeColumn(header, quantity, taken, columns.convention)) columns.quantities[quantity] = *column;
  }
  columns.sizes_from_architecture = columns.quantities.count(Quantity::kParameterCount) == 0 && CanCountSizes(header, options);
  if (columns.sizes_from_architecture) columns.convention = options.architecture_convention;
  for (const char* name : {"run_id", "run"}) {
    if (!columns.run_id) columns.run_id = FindColumn(header, name);
  }
  for (const char* name : {"run_name", "name"}) {
    if (!columns.run_name) columns.run_name = FindColumn(header, name);
  }
  return columns;
}

// The figure in one cell; nothing where the cell is empty and not needed, or where it breaks a rule, which is added to `bad`.
std::optional<double> ReadCell(const CsvRecord& record, const Column& column, bool needed, std::vector<BadCell>& bad) {
  const std::string& text = record.fields[column.index];
  if (text.empty() && !needed) return std::nullopt;
  const absl::StatusOr<double> number = ParseNumber(text);
  std::optional<std::string> rule;
  if (text.empty()) {
    rule = "is missing";
  } else if (!number.ok()) {
    rule = std::string(number.status().message());
  } else {
    rule = WhyUnusable(*number);
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

void ReadRecord(const CsvRecord& record, const CsvRecord& header, const Columns& columns, const CsvOptions& options, CsvRuns& runs) {
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
    const bool needed = std::find(options.needed.begin(), options.needed.end(), quantity) != options.needed.end();
    ValueOf(observation, quantity) = ReadCell(record, column, needed, runs.bad_cells);
    used.insert(column.index);
  }
  if (columns.weight) ReadWeight(record, header, *columns.weight, runs, observation);
  for (size_t i = 0; i < record.fields.size(); ++i) {
    if (used.count(i) == 0) observation.labels[header.fields[i]] = record.fields[i];
  }
  for (const auto& [field, text] : options.architecture) observation.labels[field] = text;
  if (columns.sizes_from_architecture) CountSize(options, runs, observation);
  if (runs.bad_cells.size() > bad_before) return;
  DeriveCounts(options.needed, observation);
  for (Quantity quantity : options.needed) {
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
  RETURN_IF_ERROR(CheckHeader(header, file_name));
  ASSIGN_OR_RETURN(const Columns columns, FindColumns(header, file_name, options));
  CsvOptions chosen = options;
  if (!options.needed_otherwise.empty() && FindMissing(columns, options.needed) && !FindMissing(columns, options.needed_otherwise)) {
    chosen.needed = options.needed_otherwise;
  }
  RETURN_IF_ERROR(CheckNeeded(columns, chosen, header, file_name));
  CsvRuns runs{.convention = columns.convention, .sizes_from_architecture = columns.sizes_from_architecture};
  for (size_t i = 1; i < records.size(); ++i) ReadRecord(records[i], header, columns, chosen, runs);
  return runs;
}

}  // namespace isoflop
