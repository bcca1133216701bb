#include "plugin/cli/export.h"

#include <cstdint>
#include <iostream>
#include <memory>
#include <string>

#include "core/base/status.h"
#include "plugin/cli/exit_code.h"
#include "plugin/cli/fit_source.h"
#include "plugin/cli/remote_study.h"
#include "plugin/document/snapshot_document.h"

namespace isoflop {
namespace {

struct ExportFlags {
  std::string server, study, law;
  int64_t version = 0;
};

// The law is printed where it has no parameters, too, as `isoflop fit` does.
absl::Status Export(const ExportFlags& flags) {
  ASSIGN_OR_RETURN(const RemoteStudy study, RemoteStudy::Find(flags.server, flags.study));
  ASSIGN_OR_RETURN(const std::string json, study.FetchSnapshot(flags.law, flags.version));
  std::cout << json << "\n";
  ASSIGN_OR_RETURN(const FitSnapshot snapshot, ParseSnapshotDocument(json));
  return snapshot.fit.answers() ? absl::OkStatus() : absl::FailedPreconditionError("the runs cannot support the law yet; its diagnostics say why");
}

int RunExport(const ExportFlags& flags) {
  const absl::Status status = Export(flags);
  if (!status.ok()) std::cerr << "isoflop export: " << status.message() << "\n";
  return ExitCodeOf(status);
}

}  // namespace

void AddExportCommand(CLI::App& app, int* exit_code) {
  auto flags = std::make_shared<ExportFlags>();
  flags->server = UsualServer();
  CLI::App* command = app.add_subcommand("export", "Print a study's law, with all that plans are judged by");
  command->add_option("--study", flags->study, "A study of a running `isoflop serve`, by its id or its name in the tracker")->required();
  command->add_option("--server", flags->server, "Where that listens: HOST:PORT or unix:/ABSOLUTE/PATH")->capture_default_str();
  command->add_option("--law", flags->law, "Such as chinchilla; without it the law that pages show");
  command->add_option("--version", flags->version, "Of the law; without it the newest")->check(CLI::PositiveNumber);
  command->footer(
      "Example:\n  isoflop export --study my-experiment > fit.json\n  isoflop export --server 127.0.0.1:9911 --study 7 --version 12 > fit.json\n\n"
      "`isoflop check --fit` and `isoflop advise --fit` read it: checks by it use no network, and give the bytes that the study gave then.\n"
      "It holds the version, when it was made, the hash of its evidence and the study's laws of learning rate and batch size. An older\n"
      "version comes without its runs, and all but the newest few without their replicas.\n\n"
      "Exit codes: 0 done, 2 wrong use, or no such study, law or version, 3 the study has no law, 4 the server cannot be reached.");
  command->callback([flags, exit_code] { *exit_code = RunExport(*flags); });
}

}  // namespace isoflop
