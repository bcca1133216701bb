#ifndef ISOFLOP_PLUGIN_CLI_SOURCE_DATE_H_
#define ISOFLOP_PLUGIN_CLI_SOURCE_DATE_H_

#include <chrono>
#include <optional>

#include "absl/status/statusor.h"

namespace isoflop {

// The time that SOURCE_DATE_EPOCH gives, in whole seconds since 1970; nothing where it is not set. InvalidArgument where it is no time of the years to
// 9999. Source: https://reproducible-builds.org/specs/source-date-epoch.
absl::StatusOr<std::optional<std::chrono::sys_seconds>> SourceDate();

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_CLI_SOURCE_DATE_H_
