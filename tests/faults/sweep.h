#ifndef ISOFLOP_TESTS_FAULTS_SWEEP_H_
#define ISOFLOP_TESTS_FAULTS_SWEEP_H_

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "isoflop/v1/run_events.pb.h"

namespace isoflop {

using EventBatches = std::vector<std::vector<v1::RunEvent>>;

// The events of 16 runs of a study, in batches: each run is created, logs 300 points and finishes; the runs take turns.
EventBatches SweepBatches();

// Those of the batches that belong to every `writer_count`th run from run `writer` on.
EventBatches PartOfSweep(int writer, int writer_count);

// A channel of its own: a shared one would wait before it connects again to an address that failed.
std::shared_ptr<grpc::Channel> ConnectAlone(const std::string& address);

// Delivers batches, at least once, as the plug-in does: after a broken stream all that was not acknowledged goes again.
class SweepClient {
 public:
  explicit SweepClient(EventBatches batches) : batches_(std::move(batches)) {}

  // One stream, until all is acknowledged or it breaks. Returns whether all is.
  bool DeliverOnce(const std::string& address);

  // Streams until all is acknowledged or `deadline_sec` have passed. Returns whether all is.
  bool Deliver(const std::string& address, double deadline_sec);

  int64_t batch_count() const { return static_cast<int64_t>(batches_.size()); }
  bool done() const { return acknowledged_ == batch_count(); }

  // Waits until so many batches are acknowledged; for ever where no delivery goes on.
  void AwaitAcknowledged(int64_t batch_count) const;

  int64_t acknowledged_batch_count() const { return acknowledged_; }
  grpc::StatusCode last_code() const { return last_code_; }

  // Points by run among the acknowledged batches.
  std::map<std::string, int64_t> AcknowledgedPoints() const;

 private:
  const EventBatches batches_;
  std::atomic<int64_t> acknowledged_ = 0;
  std::atomic<grpc::StatusCode> last_code_ = grpc::OK;
};

// Points by run in the file of a store that may be in use.
std::map<std::string, int64_t> StoredPoints(const std::string& path);

// How many points of `acknowledged` are missing in `stored`.
int64_t CountLost(const std::map<std::string, int64_t>& acknowledged, const std::map<std::string, int64_t>& stored);

// Waits until the file of a store in use holds a law of all 16 runs with its intervals; returns what it says without what
// depends on how the runs came in. Empty when it does not come soon.
std::string SettledLaw(const std::string& path);

// The law after a delivery without faults.
std::string LawOfCleanDelivery();

}  // namespace isoflop

#endif  // ISOFLOP_TESTS_FAULTS_SWEEP_H_
