#ifndef ISOFLOP_PLUGIN_STORE_STORE_LOCK_H_
#define ISOFLOP_PLUGIN_STORE_STORE_LOCK_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace isoflop {

// A lock on a file beside the store, held until it is destroyed or the process ends, however it ends. The file says
// besides how many events the store had acknowledged, as its witness: a store that later knows of fewer has lost some.
class StoreLock {
 public:
  // FailedPrecondition when another process has it.
  static absl::StatusOr<std::unique_ptr<StoreLock>> Acquire(const std::string& path);
  ~StoreLock();
  StoreLock(const StoreLock&) = delete;
  StoreLock& operator=(const StoreLock&) = delete;

  // To be called once the events are on disk. The witness itself is not synchronised: after a power loss it may say
  // less than is true, never more.
  void Witness(int64_t acknowledged_event_count);

  // Nothing when no store was used under this lock yet.
  std::optional<int64_t> witnessed_event_count() const;

 private:
  explicit StoreLock(int descriptor) : descriptor_(descriptor) {}
  const int descriptor_;
};

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_STORE_STORE_LOCK_H_
