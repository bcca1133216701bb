#ifndef ISOFLOP_PLUGIN_CLI_SERVE_SETTINGS_H_
#define ISOFLOP_PLUGIN_CLI_SERVE_SETTINGS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace isoflop {

// What isoflop.yaml may say.
struct ServeFile {
  std::optional<std::string> store;
  std::optional<std::string> listen;
  std::optional<std::string> metrics_listen;
  std::optional<std::string> laws;     // Names, with commas between.
  std::optional<std::string> threads;  // A number.
};

// Reads isoflop.yaml. InvalidArgument with `FILE:LINE:COLUMN: what is wrong` for a file that cannot be read, unknown
// keys and wrong values.
absl::StatusOr<ServeFile> ReadServeFile(const std::string& path);

// The file of a store setting, `sqlite:PATH`. InvalidArgument for any other kind.
absl::StatusOr<std::string> StorePath(const std::string& store);

// Checks that `listen` is `unix:/ABSOLUTE/PATH` or a loopback `HOST:PORT`: InvalidArgument otherwise, as there is no
// TLS yet.
absl::Status CheckListenAddress(const std::string& listen);

// The same for the metrics, which have HOST:PORT only.
absl::Status CheckMetricsAddress(const std::string& metrics_listen);

// The names of the laws of a setting, with commas between: each in the registry, none twice, at least one. Else
// InvalidArgument.
absl::StatusOr<std::vector<std::string>> ParseLawNames(const std::string& laws);

// A number of threads, from 0 (one a core) to 256. InvalidArgument otherwise.
absl::StatusOr<int> ParseThreadCount(const std::string& threads);

// Removes a socket file that a server left behind when it was killed. FailedPrecondition when a server still answers
// there, or the file is not a socket. Addresses that are not of a Unix socket are left alone.
absl::Status RemoveStaleSocket(const std::string& listen);

// The socket's path; empty for other addresses.
std::string SocketPath(const std::string& listen);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_CLI_SERVE_SETTINGS_H_
