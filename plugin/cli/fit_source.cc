#include "plugin/cli/fit_source.h"

#include <cstdlib>

#include "absl/strings/str_format.h"
#include "core/base/status.h"
#include "plugin/cli/input_file.h"
#include "plugin/document/documents.h"

namespace isoflop {

std::string UsualServer() {
  const char* server = std::getenv("ISOFLOP_SERVER");
  return server == nullptr ? "127.0.0.1:9911" : server;
}

void AddFitSourceFlags(CLI::App& command, FitSource& source) {
  source.server = UsualServer();  // Read here: CLI11 would take the variable for a flag that was given.
  CLI::Option* fit = command.add_option("--fit", source.fit_path, "What `isoflop fit --format json` printed; - reads standard input");
  CLI::Option* study = command.add_option("--study", source.study, "Instead of --fit: a study of a running `isoflop serve`, by its id or its name in the tracker");
  command.add_option("--server", source.server, "Where that listens: HOST:PORT or unix:/ABSOLUTE/PATH")->capture_default_str()->needs(study);
  study->excludes(fit);
}

absl::Status CheckFitSource(const FitSource& source) {
  if (!source.fit_path.empty() || !source.study.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError("--fit is missing, or --study with the --server that keeps it");
}

absl::StatusOr<Fit> ReadFitFile(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string text, ReadInputFile(path));
  absl::StatusOr<Fit> fit = ParseFitDocument(text);
  if (fit.ok()) return fit;
  return absl::InvalidArgumentError(absl::StrFormat("%s: %s", InputFileName(path), fit.status().message()));
}

absl::StatusOr<FitSnapshot> ReadSnapshotFile(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string text, ReadInputFile(path));
  absl::StatusOr<FitSnapshot> snapshot = ParseSnapshotDocument(text);
  if (snapshot.ok()) return snapshot;
  return absl::InvalidArgumentError(absl::StrFormat("%s: %s", InputFileName(path), snapshot.status().message()));
}

}  // namespace isoflop
