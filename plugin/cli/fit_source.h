#ifndef ISOFLOP_PLUGIN_CLI_FIT_SOURCE_H_
#define ISOFLOP_PLUGIN_CLI_FIT_SOURCE_H_

#include <CLI/CLI.hpp>
#include <string>

#include "absl/status/statusor.h"
#include "core/fit/fit.h"
#include "plugin/document/snapshot_document.h"

namespace isoflop {

// Where the law of a command comes from: a file, or a study of a running server.
struct FitSource {
  std::string fit_path;  // - reads standard input; empty: the study's.
  std::string study;     // Id or name.
  std::string server;

  bool remote() const { return fit_path.empty(); }
};

// What ISOFLOP_SERVER says, else where `isoflop serve` listens by default.
std::string UsualServer();

// --fit, or --study with --server; `source` must outlive the command. ISOFLOP_SERVER stands in for --server.
void AddFitSourceFlags(CLI::App& command, FitSource& source);

// InvalidArgument where neither --fit nor --study was given.
absl::Status CheckFitSource(const FitSource& source);

// What `isoflop fit --format json` wrote. InvalidArgument, naming the file, where it cannot be read.
absl::StatusOr<Fit> ReadFitFile(const std::string& path);

// The same, or what `isoflop export` wrote.
absl::StatusOr<FitSnapshot> ReadSnapshotFile(const std::string& path);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_CLI_FIT_SOURCE_H_
