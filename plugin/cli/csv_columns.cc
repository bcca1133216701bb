#include "plugin/cli/csv_columns.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "core/base/status.h"
#include "plugin/recognize/column_header.h"
#include "plugin/recognize/quantity_names.h"
#include "plugin/recognize/read_architecture.h"

namespace isoflop {
namespace {

absl::Status CheckHeader(const CsvRecord& header, std::string_view file_name) {
  const std::string& first = header.fields.front();
  const size_t separator = first.find_first_of(";\t|");
  if (header.fields.size() == 1 && separator != std::string::npos) {
    return absl::InvalidArgumentError(absl::StrFormat("%s:%d: fields must be separated by commas; the header seems to use \"%s\"", file_name,
                                                      header.line, first[separator] == '\t' ? std::string("\\t") : first.substr(separator, 1)));
  }
  std::set<std::string> seen;
  for (const std::string& name : header.fields) {
    if (name.empty() || seen.insert(name).second) continue;
    return absl::InvalidArgumentError(absl::StrFormat("%s:%d: column names must differ, got \"%s\" twice", file_name, header.line, name));
  }
  return absl::OkStatus();
}

std::optional<size_t> FindColumn(const CsvRecord& header, const std::string& name) {
  const auto found = std::find(header.fields.begin(), header.fields.end(), name);
  if (found == header.fields.end()) return std::nullopt;
  return found - header.fields.begin();
}

absl::StatusOr<size_t> NamedColumn(const CsvRecord& header, std::string_view file_name, const std::string& flag, const std::string& name) {
  if (const std::optional<size_t> index = FindColumn(header, name)) return *index;
  return absl::InvalidArgumentError(absl::StrFormat("%s:%d: %s names the column \"%s\", which is not there; columns: %s", file_name, header.line,
                                                    flag, name, absl::StrJoin(header.fields, ", ")));
}

// The best-ranked known name among the columns that are not taken.
std::optional<CsvColumn> RecognizeColumn(const CsvRecord& header, Quantity quantity, const std::set<size_t>& taken,
                                         std::optional<ParameterConvention>& convention) {
  std::optional<KnownColumn> best;
  std::optional<CsvColumn> column;
  std::vector<std::string> candidates;
  for (size_t i = 0; i < header.fields.size(); ++i) {
    const std::optional<KnownColumn> known = FindKnownColumn(header.fields[i]);
    if (!known || known->known->quantity != quantity || taken.count(i) > 0) continue;
    candidates.push_back(header.fields[i]);
    // One table a quantity, most trusted first; a header without a unit before one of the same name with one.
    if (best && (known->known > best->known || (known->known == best->known && known->says_unit >= best->says_unit))) continue;
    best = known;
    column = CsvColumn{.index = i, .name = header.fields[i], .unit = known->unit.factor, .exact = !known->says_unit};
  }
  if (!column) return std::nullopt;
  if (quantity == Quantity::kParameterCount) convention = best->unit.convention;
  std::erase(candidates, column->name);
  column->others = std::move(candidates);
  return column;
}

// Columns that name a loss without being known.
std::vector<size_t> ColumnsNamingALoss(const CsvRecord& header, const std::set<size_t>& taken) {
  std::vector<size_t> found;
  for (size_t i = 0; i < header.fields.size(); ++i) {
    if (taken.count(i) == 0 && NamesALoss(header.fields[i])) found.push_back(i);
  }
  return found;
}

bool FollowsFromOthers(const CsvColumns& columns, Quantity quantity) {
  const auto has = [&](Quantity other) { return columns.quantities.count(other) > 0; };
  const bool sized = has(Quantity::kParameterCount) || columns.sizes_from_architecture;
  const bool has_tokens = has(Quantity::kTokenCount) || (has(Quantity::kStepCount) && has(Quantity::kBatchTokenCount)) ||
                          (has(Quantity::kTrainingFlops) && sized);
  const bool has_size = sized || (has(Quantity::kTrainingFlops) && has_tokens);
  switch (quantity) {
    case Quantity::kParameterCount:
      return has_size;
    case Quantity::kTokenCount:
    case Quantity::kUniqueTokenCount:
      return has_tokens;
    case Quantity::kTrainingFlops:
      return has_size && has_tokens;
    case Quantity::kStepCount:
      return has_tokens && has(Quantity::kBatchTokenCount);
    case Quantity::kBatchTokenCount:
      return has_tokens && has(Quantity::kStepCount);
    default:
      return false;
  }
}

// Those that have no column and do not follow from others: by C = 6ND, D = SB, or every token being new.
std::vector<Quantity> FindMissing(const CsvColumns& columns, const std::vector<Quantity>& needed) {
  std::vector<Quantity> missing;
  for (Quantity quantity : needed) {
    if (columns.quantities.count(quantity) == 0 && !FollowsFromOthers(columns, quantity)) missing.push_back(quantity);
  }
  return missing;
}

// What to do where the loss is among the missing: the columns that may hold it.
std::string LossHint(const CsvRecord& header) {
  std::vector<std::string> losses, other_units;
  for (size_t i : ColumnsNamingALoss(header, {})) losses.push_back(header.fields[i]);
  std::copy_if(header.fields.begin(), header.fields.end(), std::back_inserter(other_units), NamesAnotherLossUnit);
  std::string hint;
  if (losses.size() > 1) hint += absl::StrFormat(" Several columns may be the loss: %s.", absl::StrJoin(losses, ", "));
  if (!other_units.empty()) {
    hint += absl::StrFormat(" Not in nats a token: %s; bits need --loss-unit, of a perplexity take the logarithm.", absl::StrJoin(other_units, ", "));
  }
  return hint;
}

absl::Status DescribeMissing(const std::vector<Quantity>& missing, const CsvRecord& header, std::string_view file_name) {
  std::vector<std::string> names, flags;
  bool count = false;
  for (Quantity quantity : missing) {
    names.emplace_back(QuantityName(quantity));
    flags.push_back(names.back() + "=COLUMN");
    count |= quantity == Quantity::kParameterCount || quantity == Quantity::kTokenCount;
  }
  std::string hint = count ? " Of N, D and C two are enough: C = 6ND." : "";
  if (std::find(missing.begin(), missing.end(), Quantity::kLoss) != missing.end()) hint += LossHint(header);
  return absl::InvalidArgumentError(absl::StrFormat("%s:%d: no column is recognised as %s; name %s with --map %s.%s Columns: %s", file_name,
                                                    header.line, absl::StrJoin(names, ", "), missing.size() == 1 ? "one" : "them",
                                                    absl::StrJoin(flags, ","), hint, absl::StrJoin(header.fields, ", ")));
}

bool CanCountSizes(const CsvRecord& header, const CsvOptions& options) {
  std::map<std::string, std::string> names = options.architecture;
  for (const std::string& name : header.fields) names.emplace(name, "");
  return DescribesArchitecture(names, options.architecture_convention);
}

absl::Status FindNamedColumns(const CsvRecord& header, std::string_view file_name, const CsvOptions& options, CsvColumns& columns) {
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
  columns.schedule = FindScheduleColumns(header.fields);
  for (const char* name : {"run_id", "run"}) {
    if (!columns.run_id) columns.run_id = FindColumn(header, name);
  }
  for (const char* name : {"run_name", "name"}) {
    if (!columns.run_name) columns.run_name = FindColumn(header, name);
  }
  return absl::OkStatus();
}

absl::Status FindQuantities(const CsvRecord& header, std::string_view file_name, const CsvOptions& options, CsvColumns& columns) {
  std::set<size_t> taken;
  std::optional<ParameterConvention> convention;
  for (const auto& [quantity, name] : options.mapping) {
    ASSIGN_OR_RETURN(const size_t index, NamedColumn(header, file_name, "--map " + std::string(QuantityName(quantity)), name));
    const ColumnUnit unit = BracketedUnit(quantity, name).value_or(ColumnUnit{});
    columns.quantities[quantity] = {.index = index, .name = name, .unit = unit.factor, .exact = unit.factor == 1};
    if (quantity == Quantity::kParameterCount) convention = unit.convention;
    taken.insert(index);
  }
  for (Quantity quantity : kAllQuantities) {
    if (columns.quantities.count(quantity) > 0) continue;
    if (std::optional<CsvColumn> column = RecognizeColumn(header, quantity, taken, convention)) {
      columns.quantities[quantity] = *std::move(column);
    }
  }
  if (const std::vector<size_t> losses = ColumnsNamingALoss(header, taken);
      columns.quantities.count(Quantity::kLoss) == 0 && losses.size() == 1) {
    columns.quantities[Quantity::kLoss] = {.index = losses.front(), .name = header.fields[losses.front()], .exact = false};
  }
  columns.convention = convention.value_or(columns.convention);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<CsvColumns> FindColumns(const CsvRecord& header, std::string_view file_name, const CsvOptions& options) {
  RETURN_IF_ERROR(CheckHeader(header, file_name));
  CsvColumns columns;
  RETURN_IF_ERROR(FindQuantities(header, file_name, options, columns));
  RETURN_IF_ERROR(FindNamedColumns(header, file_name, options, columns));
  columns.sizes_from_architecture = columns.quantities.count(Quantity::kParameterCount) == 0 && CanCountSizes(header, options);
  if (columns.sizes_from_architecture) columns.convention = options.architecture_convention;
  columns.needed = options.needed;
  if (!options.needed_otherwise.empty() && !FindMissing(columns, options.needed).empty() &&
      FindMissing(columns, options.needed_otherwise).empty()) {
    columns.needed = options.needed_otherwise;
  }
  const std::vector<Quantity> missing = FindMissing(columns, columns.needed);
  if (!missing.empty()) return DescribeMissing(missing, header, file_name);
  return columns;
}

std::optional<Diagnostic> DescribeColumns(const CsvColumns& columns) {
  std::vector<std::string> told;
  std::map<std::string, double> evidence;
  for (const auto& [quantity, column] : columns.quantities) {
    if (column.exact && column.others.empty()) continue;
    const std::string name(QuantityName(quantity));
    std::string text = absl::StrFormat("%s is \"%s\"", name, column.name);
    if (column.unit != 1) text += absl::StrFormat(" times %g", column.unit);
    if (!column.others.empty()) text += absl::StrFormat(", not \"%s\"", absl::StrJoin(column.others, "\", \""));
    told.push_back(std::move(text));
    evidence[name + "_unit"] = column.unit;
  }
  if (told.empty()) return std::nullopt;
  return Diagnostic{.code = "COLUMNS_READ",
                    .title = "Columns read",
                    .message = "As read: " + absl::StrJoin(told, "; ") + ".",
                    .evidence = std::move(evidence),
                    .effect = "Every figure rests on these columns and units.",
                    .fix = "Where one is wrong, name another with --map."};
}

}  // namespace isoflop
