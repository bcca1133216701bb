#ifndef ISOFLOP_TESTS_PLUGIN_TESTING_TEMPORARY_FOLDER_H_
#define ISOFLOP_TESTS_PLUGIN_TESTING_TEMPORARY_FOLDER_H_

#include <cstdlib>
#include <filesystem>
#include <string>

namespace isoflop {

// A folder of its own, removed at the end. Its path is short enough for a Unix socket.
class TemporaryFolder {
 public:
  // In "/dev/shm" it is in memory, where synchronising costs nothing.
  explicit TemporaryFolder(const std::string& parent = "/tmp") {
    std::string path = parent + "/isoflop-test-XXXXXX";
    path_ = mkdtemp(path.data());
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::string File(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

}  // namespace isoflop

#endif  // ISOFLOP_TESTS_PLUGIN_TESTING_TEMPORARY_FOLDER_H_
