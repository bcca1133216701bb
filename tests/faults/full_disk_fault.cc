#include <sys/mount.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/faults/fault_result.h"
#include "tests/faults/sweep.h"
#include "tests/plugin/testing/server_process.h"
#include "tests/plugin/testing/temporary_folder.h"

namespace isoflop {
namespace {

constexpr const char* kDiskSize = "size=16m";
constexpr int64_t kRoomBytes = 500'000;
constexpr double kDeadlineSec = 60;

// A disk of its own, in memory.
class SmallDisk {
 public:
  explicit SmallDisk(std::string folder) : folder_(std::move(folder)) {
    std::filesystem::create_directory(folder_);
    mounted_ = mount("tmpfs", folder_.c_str(), "tmpfs", 0, kDiskSize) == 0;
  }
  ~SmallDisk() {
    if (mounted_) umount2(folder_.c_str(), MNT_DETACH);
  }

  bool mounted() const { return mounted_; }
  std::string File(const std::string& name) const { return folder_ + "/" + name; }

  // Fills the disk but for some room.
  void Fill() const {
    std::FILE* file = std::fopen(File("filler").c_str(), "wb");
    const std::string block(1 << 16, 'x');
    while (std::fwrite(block.data(), 1, block.size(), file) == block.size() && std::fflush(file) == 0) {
    }
    std::fclose(file);
    std::filesystem::resize_file(File("filler"), std::filesystem::file_size(File("filler")) - kRoomBytes);
  }
  void MakeRoom() const { std::filesystem::remove(File("filler")); }

 private:
  const std::string folder_;
  bool mounted_ = false;
};

}  // namespace

FaultResult FillTheDisk() {
  const TemporaryFolder folder;
  const SmallDisk disk(folder.File("disk"));
  if (!disk.mounted()) return {"full disk", absl::StrCat("left out: cannot mount a disk (", std::strerror(errno), ")"), true};
  const std::string clean_law = LawOfCleanDelivery();
  const std::string store = disk.File("isoflop.db"), address = "unix:" + folder.File("socket");
  ServerProcess server({"--store=sqlite:" + store, "--listen=" + address});
  disk.Fill();
  SweepClient client(SweepBatches());
  int refusals = 0;
  bool right_code = true;
  for (int i = 0; i < 20 && !client.done(); ++i) {
    if (client.DeliverOnce(address)) break;
    ++refusals;
    right_code &= client.last_code() == grpc::RESOURCE_EXHAUSTED;
  }
  const int64_t acknowledged = client.acknowledged_batch_count();
  const int64_t lost = CountLost(client.AcknowledgedPoints(), StoredPoints(store));
  disk.MakeRoom();
  const bool delivered = client.Deliver(address, kDeadlineSec);  // The same server, without a restart.
  const int64_t lost_later = CountLost(client.AcknowledgedPoints(), StoredPoints(store));
  const bool equal = delivered && SettledLaw(store) == clean_law;
  const bool ended_well = server.End(SIGTERM) == 0;
  return {.fault = "full disk",
          .figures = absl::StrCat(acknowledged, " batches acknowledged, then ", refusals, " refusals, RESOURCE_EXHAUSTED ",
                                  right_code ? "each time" : "NOT each time", "; lost points ", lost + lost_later,
                                  "; with room again, without a restart: delivered ", delivered ? "all" : "NOT all",
                                  ", law equal to clean delivery: ", equal ? "yes" : "no"),
          .passed = refusals > 0 && right_code && lost + lost_later == 0 && equal && ended_well && !clean_law.empty()};
}

}  // namespace isoflop
