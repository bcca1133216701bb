#ifndef ISOFLOP_PLUGIN_RECOGNIZE_COLUMN_HEADER_H_
#define ISOFLOP_PLUGIN_RECOGNIZE_COLUMN_HEADER_H_

#include <optional>
#include <string_view>

#include "core/quantity/parameter_convention.h"
#include "core/quantity/quantity.h"
#include "plugin/recognize/quantity_names.h"

namespace isoflop {

// What a unit in a header says of the figures below it.
struct ColumnUnit {
  double factor = 1;  // Of a figure, in the quantity's own unit.
  std::optional<ParameterConvention> convention;
};

// A column whose header is a known name, or a known name and a unit: "tokens (B)", "Params [M, non-embedding]", "params_b",
// "Compute (PF-days)", "FLOPs (1e18)".
struct KnownColumn {
  const KnownName* known = nullptr;
  ColumnUnit unit;         // The known name's own included.
  bool says_unit = false;  // Whether the header did.
};

// Nothing for a header whose name or unit is not known.
std::optional<KnownColumn> FindKnownColumn(std::string_view header);

// The unit in the brackets that end a header, whatever its name. Nothing without brackets, and for what is no unit of `quantity`.
std::optional<ColumnUnit> BracketedUnit(Quantity quantity, std::string_view header);

// Whether a header that is no known name says that it is a loss: a word of it ends in "loss", and none makes it something about one, such as
// "std" or "function".
bool NamesALoss(std::string_view header);

// Whether a header says that its figures are no nats a token: bits ("val_bpb", "loss (bits)") or a perplexity.
bool NamesAnotherLossUnit(std::string_view header);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_RECOGNIZE_COLUMN_HEADER_H_
