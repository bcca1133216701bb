#ifndef ISOFLOP_PLUGIN_SERVICE_SERVER_H_
#define ISOFLOP_PLUGIN_SERVICE_SERVER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "plugin/store/run_store.h"
#include "plugin/study/study_keeper.h"

namespace isoflop {

struct ServerOptions {
  std::string listen_address;  // As gRPC has it: `HOST:PORT` (port 0: a free one) or `unix:PATH`.
  std::string metrics_listen_address;  // HOST:PORT where Prometheus finds the metrics; empty: nowhere.
  StudyKeeperOptions study;
  std::function<int64_t()> now_ms;  // The clock, milliseconds since 1970 (UTC).
};

// The whole service on one store: ingest, studies and every RPC, with health checking and reflection.
class Server {
 public:
  virtual ~Server() = default;

  // Loads the studies and starts to serve. Unavailable when an address cannot be listened on; otherwise as RunStore
  // and StudyKeeper::Start.
  static absl::StatusOr<std::unique_ptr<Server>> Start(std::unique_ptr<RunStore> store, ServerOptions options);

  // `HOST:PORT` with the real port, or `unix:PATH`.
  virtual std::string address() const = 0;

  // Where the metrics are, with the real port; empty when they were not asked for.
  virtual std::string metrics_address() const = 0;

  // Ends in order: health says NOT_SERVING, open streams end once what they delivered is on disk and acknowledged,
  // calls under way are answered, for at most `grace_sec`. To be called once, before the destructor.
  virtual void Drain(double grace_sec) = 0;
};

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_SERVICE_SERVER_H_
