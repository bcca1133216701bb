#include "plugin/cli/status.h"

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <iostream>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "core/base/status.h"
#include "isoflop/v1/server.grpc.pb.h"
#include "plugin/cli/exit_code.h"
#include "plugin/cli/status_output.h"

namespace isoflop {
namespace {

struct StatusFlags {
  std::string server = "127.0.0.1:9911";
  std::string format = "table";
};

constexpr std::chrono::seconds kDeadline(10);

// All pages as one. Unavailable when no server answers in time.
absl::StatusOr<v1::ServerStatus> FetchStatus(const std::string& address) {
  const auto channel = grpc::CreateChannel(address, grpc::InsecureChannelCredentials());
  const auto stub = v1::ServerService::NewStub(channel);
  v1::ServerStatus whole;
  v1::GetStatusRequest request;
  do {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + kDeadline);
    v1::ServerStatus page;
    const grpc::Status status = stub->GetStatus(&context, request, &page);
    if (!status.ok()) {
      return absl::UnavailableError(absl::StrCat("no answer from a server at ", address, ": ", status.error_message()));
    }
    request.set_page_token(page.next_page_token());
    whole.mutable_studies()->MergeFrom(page.studies());
    page.clear_studies();
    page.clear_next_page_token();
    whole.MergeFrom(page);
  } while (!request.page_token().empty());
  return whole;
}

int PrintStatus(const StatusFlags& flags) {
  const absl::StatusOr<v1::ServerStatus> status = FetchStatus(flags.server);
  if (!status.ok()) {
    std::cerr << "isoflop status: " << status.status().message() << "\n";
    return kServiceUnreachable;
  }
  std::cout << (flags.format == "json" ? StatusJson(*status) + "\n" : StatusTable(*status));
  return kDone;
}

}  // namespace

void AddStatusCommand(CLI::App& app, int* exit_code) {
  auto flags = std::make_shared<StatusFlags>();
  CLI::App* command = app.add_subcommand("status", "Show a server's studies, their laws and what waits");
  command->add_option("--server", flags->server, "Where it listens: HOST:PORT or unix:/ABSOLUTE/PATH")
      ->envname("ISOFLOP_SERVER")
      ->capture_default_str();
  command->add_option("--format", flags->format, "table or json")
      ->capture_default_str()
      ->check(CLI::IsMember({"table", "json"}));
  command->footer(
      "Example:\n  isoflop status --server 127.0.0.1:9911\n\n"
      "Exit codes: 0 done, 2 wrong use, 4 the server cannot be reached.");
  command->callback([flags, exit_code] { *exit_code = PrintStatus(*flags); });
}

}  // namespace isoflop
