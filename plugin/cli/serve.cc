#include "plugin/cli/serve.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <iostream>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "core/base/status.h"
#include "plugin/cli/exit_code.h"
#include "plugin/cli/serve_settings.h"
#include "plugin/cli/stop_signal.h"
#include "plugin/service/event_log.h"
#include "plugin/service/server.h"
#include "plugin/store/sqlite_run_store.h"

namespace isoflop {
namespace {

constexpr double kDrainGraceSec = 5;

// Of the store, in one life of the process.
constexpr int kMostRebuilds = 3;

struct ServeFlags {
  std::string store = "sqlite:isoflop.db";
  std::string listen = "127.0.0.1:9911";
  std::string metrics_listen;
  std::string laws = "chinchilla";
  std::string threads = "0";
  std::string config;
  int parent_pipe = -1;
};

// Only its user may read what the server makes: the store and the socket.
constexpr mode_t kPrivateUmask = 0077;
constexpr mode_t kSocketMode = 0600;

void Log(const LogLine& line) {
  static std::mutex mutex;
  const std::string time = absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", absl::Now(), absl::UTCTimeZone());
  std::lock_guard<std::mutex> guard(mutex);
  std::cerr << absl::StrCat("time=", time, " ", line.text(), "\n") << std::flush;
}

int64_t NowMs() { return absl::ToUnixMillis(absl::Now()); }

// A stream takes a file descriptor.
void RaiseFileLimit() {
  rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

// Serves the store at `path` until a signal or the parent's end. DataLoss when it turned out to be damaged.
absl::Status ServeOnce(const std::string& path, const ServerOptions& options, const std::optional<int>& parent_pipe,
                       StopSignal& stop) {
  // The store's lock comes first: it tells whether the socket can be a living server's.
  ASSIGN_OR_RETURN(std::unique_ptr<RunStore> store,
                   OpenSqliteRunStore(path, {.on_loss = [](const StoreLoss& loss) { Log(LineOf(loss)); },
                                             .on_damage = [&stop] { stop.Interrupt(); }}));
  RETURN_IF_ERROR(RemoveStaleSocket(options.listen_address));
  absl::StatusOr<std::unique_ptr<Server>> server = Server::Start(std::move(store), options);
  // Takes the interruption, unless the end comes first.
  if (absl::IsDataLoss(server.status()) && stop.Wait(parent_pipe) != StopSignal::kInterruption) return absl::OkStatus();
  RETURN_IF_ERROR(server.status());
  const std::string socket_path = SocketPath(options.listen_address);
  if (!socket_path.empty()) chmod(socket_path.c_str(), kSocketMode);
  LogLine listening(LogLevel::kInfo, "listening");
  listening.With("address", (*server)->address()).With("store", absl::StrCat("sqlite:", path));
  if (!(*server)->metrics_address().empty()) listening.With("metrics", (*server)->metrics_address());
  Log(listening.With("version", std::string(ISOFLOP_VERSION)));
  std::cout << "listening on " << (*server)->address() << std::endl;
  const std::string reason = stop.Wait(parent_pipe);
  Log(LogLine(LogLevel::kInfo, "draining").With("reason", reason));
  (*server)->Drain(kDrainGraceSec);
  if (!socket_path.empty()) unlink(socket_path.c_str());
  return reason == StopSignal::kInterruption ? absl::DataLossError("store: damaged") : absl::OkStatus();
}

absl::Status Serve(const ServeFlags& flags) {
  StopSignal stop;
  umask(kPrivateUmask);
  RaiseFileLimit();
  ASSIGN_OR_RETURN(const std::string path, StorePath(flags.store));
  RETURN_IF_ERROR(CheckListenAddress(flags.listen));
  ServerOptions options;
  options.listen_address = flags.listen;
  options.metrics_listen_address = flags.metrics_listen;
  if (!flags.metrics_listen.empty()) RETURN_IF_ERROR(CheckMetricsAddress(flags.metrics_listen));
  ASSIGN_OR_RETURN(options.study.laws, ParseLawNames(flags.laws));
  ASSIGN_OR_RETURN(options.study.thread_count, ParseThreadCount(flags.threads));
  std::optional<int> parent_pipe;
  if (flags.parent_pipe >= 0) parent_pipe = flags.parent_pipe;
  if (parent_pipe.has_value() && fcntl(*parent_pipe, F_GETFD) < 0) {
    return absl::InvalidArgumentError(absl::StrCat("parent-pipe must be an open file descriptor, got ", *parent_pipe));
  }
  options.study.on_event = [](const KeeperEvent& event) { Log(LineOf(event)); };
  options.now_ms = NowMs;
  for (int rebuilds = 0;; ++rebuilds) {
    const absl::Status status = ServeOnce(path, options, parent_pipe, stop);
    // The next start sets the damaged store aside. One that is damaged again and again lies on a broken disk.
    if (!absl::IsDataLoss(status) || rebuilds == kMostRebuilds) return status;
  }
}

// Fills what neither a flag nor a variable gave.
absl::Status ReadFile(const CLI::App& command, ServeFlags& flags) {
  if (flags.config.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const ServeFile file, ReadServeFile(flags.config));
  if (command.count("--store") == 0) flags.store = file.store.value_or(flags.store);
  if (command.count("--listen") == 0) flags.listen = file.listen.value_or(flags.listen);
  if (command.count("--metrics-listen") == 0) flags.metrics_listen = file.metrics_listen.value_or("");
  if (command.count("--laws") == 0) flags.laws = file.laws.value_or(flags.laws);
  if (command.count("--threads") == 0) flags.threads = file.threads.value_or(flags.threads);
  return absl::OkStatus();
}

}  // namespace

void AddServeCommand(CLI::App& app, int* exit_code) {
  CLI::App* command = app.add_subcommand("serve", "Take in runs as they are logged; serve laws and advice");
  auto flags = std::make_shared<ServeFlags>();
  command->add_option("--store", flags->store, "Where runs and laws are kept: sqlite:PATH")
      ->envname("ISOFLOP_STORE")
      ->capture_default_str();
  command
      ->add_option("--listen", flags->listen, "unix:/ABSOLUTE/PATH, or a loopback HOST:PORT; port 0 takes a free one")
      ->envname("ISOFLOP_LISTEN")
      ->capture_default_str();
  command
      ->add_option("--metrics-listen", flags->metrics_listen,
                   "A loopback HOST:PORT where Prometheus finds /metrics; nowhere unless given")
      ->envname("ISOFLOP_METRICS_LISTEN");
  command->add_option("--laws", flags->laws, "The laws that every study keeps, such as chinchilla,learning_rate,batch_size; pages show the first, and plans have a learning rate and a batch "
                      "size by the latter two")
      ->envname("ISOFLOP_LAWS")
      ->capture_default_str();
  command->add_option("--threads", flags->threads, "That refit, and as many of low priority for intervals; 0: one a core")
      ->envname("ISOFLOP_THREADS")
      ->capture_default_str();
  command->add_option("--config", flags->config,
                      "A file isoflop.yaml with the keys store, listen, metrics_listen, laws and threads");
  command->add_option("--parent-pipe", flags->parent_pipe,
                      "An inherited file descriptor: the server ends when it reads end-of-file");
  command->footer("Example:\n  isoflop serve --store sqlite:isoflop.db --listen 127.0.0.1:9911");
  command->callback([command, flags, exit_code] {
    absl::Status status = ReadFile(*command, *flags);
    if (status.ok()) status = Serve(*flags);
    if (status.ok()) return;
    std::cerr << "isoflop serve: " << status.message() << "\n";
    *exit_code = kWrongUse;
  });
}

}  // namespace isoflop
