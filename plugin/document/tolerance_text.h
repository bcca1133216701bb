#ifndef ISOFLOP_PLUGIN_DOCUMENT_TOLERANCE_TEXT_H_
#define ISOFLOP_PLUGIN_DOCUMENT_TOLERANCE_TEXT_H_

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "core/advice/as_good.h"

namespace isoflop {

// Reads a tolerance (core/advice/as_good.h) that a person wrote: "0.005", or in percent, "0.5%" or "0.5 %". InvalidArgument gives the rule and the text.
absl::StatusOr<double> ParseTolerance(std::string_view text);

// What follows "as good": "within run noise", or "within 0.5 %" where a team set so.
std::string WithinText(const std::optional<AsGoodTolerance>& tolerance);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_DOCUMENT_TOLERANCE_TEXT_H_
