#ifndef ISOFLOP_PLUGIN_STUDY_VERSION_SAVER_H_
#define ISOFLOP_PLUGIN_STUDY_VERSION_SAVER_H_

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "plugin/store/run_store.h"

namespace isoflop {

// Stores versions of laws on one thread: all that wait go in one transaction, so that one synchronisation of the disk
// serves many studies. Thread safe.
class VersionSaver {
 public:
  explicit VersionSaver(RunStore& store);
  // Drops what is queued, without a call of its `on_saved`.
  ~VersionSaver();

  // Returns at once. `on_saved` is called once, on the saver's thread: OK when `versions` are on disk. Must not block.
  void Save(std::vector<LawVersion> versions, std::function<void(const absl::Status&)> on_saved);

 private:
  struct Request {
    std::vector<LawVersion> versions;
    std::function<void(const absl::Status&)> on_saved;
  };

  void Loop();
  void SaveGroup(std::vector<Request> group);

  RunStore& store_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Request> queue_;  // Guarded by mutex_, as is stopping_.
  bool stopping_ = false;
  std::thread thread_;  // Last: it uses all of the above.
};

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_STUDY_VERSION_SAVER_H_
