#include "plugin/cli/source_date.h"

#include <cstdlib>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace isoflop {

absl::StatusOr<std::optional<std::chrono::sys_seconds>> SourceDate() {
  constexpr int64_t kLastSecond = 253402300799;  // Of the year 9999.
  const char* const epoch = std::getenv("SOURCE_DATE_EPOCH");
  if (epoch == nullptr) return std::nullopt;
  int64_t seconds = 0;
  if (!absl::SimpleAtoi(epoch, &seconds) || seconds < 0 || seconds > kLastSecond) {
    return absl::InvalidArgumentError(absl::StrCat("SOURCE_DATE_EPOCH must be a whole number of seconds from 0 to ", kLastSecond, ", got \"", epoch, "\""));
  }
  return std::chrono::sys_seconds(std::chrono::seconds(seconds));
}

}  // namespace isoflop
