#ifndef ISOFLOP_PLUGIN_CLI_CONTINUOUS_INTEGRATION_H_
#define ISOFLOP_PLUGIN_CLI_CONTINUOUS_INTEGRATION_H_

#include <cstddef>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "plugin/check/report_style.h"

namespace isoflop {

// The folder that this process runs in, and the top of the repository as the host's variables tell it (GITHUB_WORKSPACE, CI_PROJECT_DIR); without
// a host, or outside the repository, that folder.
ReportStyle StyleHere();

// In a step of GitHub Actions adds what `markdown` makes of the bytes that its summary has room for. InvalidArgument where it cannot be written.
absl::Status AppendToGitHubSummary(const std::function<std::string(size_t room)>& markdown);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_CLI_CONTINUOUS_INTEGRATION_H_
