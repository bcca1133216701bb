#include "plugin/store/store_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace isoflop {
namespace {

constexpr int kWitnessBytes = 20;  // A decimal number, filled up with spaces.

}  // namespace

absl::StatusOr<std::unique_ptr<StoreLock>> StoreLock::Acquire(const std::string& path) {
  const int descriptor = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) {
    return absl::UnavailableError(absl::StrCat("store: cannot open ", path, ": ", std::strerror(errno)));
  }
  auto lock = std::unique_ptr<StoreLock>(new StoreLock(descriptor));
  if (flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    return absl::FailedPreconditionError(
        absl::StrCat("store: another isoflop serve has it open (", path, " is locked)"));
  }
  return lock;
}

StoreLock::~StoreLock() { close(descriptor_); }

void StoreLock::Witness(int64_t acknowledged_event_count) {
  const std::string text = absl::StrFormat("%*d", kWitnessBytes, acknowledged_event_count);
  // On a full disk there is no witness; nothing else depends on it.
  [[maybe_unused]] const ssize_t written = pwrite(descriptor_, text.data(), text.size(), 0);
}

std::optional<int64_t> StoreLock::witnessed_event_count() const {
  char text[kWitnessBytes];
  int64_t count = 0;
  if (pread(descriptor_, text, kWitnessBytes, 0) != kWitnessBytes) return std::nullopt;
  if (!absl::SimpleAtoi(absl::string_view(text, kWitnessBytes), &count)) return std::nullopt;
  return count;
}

}  // namespace isoflop
