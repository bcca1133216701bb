#include "plugin/document/tolerance_text.h"

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/base/status.h"

namespace isoflop {

absl::StatusOr<double> ParseTolerance(std::string_view text) {
  const bool percent = text.ends_with('%');
  const std::string number(text.substr(0, text.size() - (percent ? 1 : 0)));
  double value = 0;
  if (!absl::SimpleAtod(absl::StripAsciiWhitespace(number), &value)) {
    return absl::InvalidArgumentError(absl::StrCat("tolerance must be a share of the loss, such as 0.005 or 0.5%, got \"", std::string(text), "\""));
  }
  if (percent) value /= 100;
  RETURN_IF_ERROR(CheckTolerance(value));
  return value;
}

std::string WithinText(const std::optional<AsGoodTolerance>& tolerance) {
  return tolerance && tolerance->is_set ? absl::StrFormat("within %.3g %%", 100 * tolerance->loss_share) : "within run noise";
}

}  // namespace isoflop
