#ifndef ISOFLOP_PLUGIN_CLI_CONTINUOUS_INTEGRATION_H_
#define ISOFLOP_PLUGIN_CLI_CONTINUOUS_INTEGRATION_H_

#include "plugin/check/report_style.h"

namespace isoflop {

// The folder that this process runs in, and the top of the repository as the host's variables tell it (GITHUB_WORKSPACE, CI_PROJECT_DIR); without
// a host, or outside the repository, that folder.
ReportStyle StyleHere();

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_CLI_CONTINUOUS_INTEGRATION_H_
