#include "plugin/store/checksum_vfs.h"

#include <sqlite3.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>

namespace isoflop {
namespace {

constexpr const char* kName = "isoflop-checksum";
constexpr int kReservedBytesAt = 20;  // In a database's header.
constexpr int kHeaderBytes = 100;
constexpr int kLeastPageBytes = 512;

// The file of the layer below lies behind this in memory.
struct ChecksumFile {
  sqlite3_file base;
  bool has_checksums;  // As far as its header was seen.
};

sqlite3_file* Below(sqlite3_file* file) {
  return reinterpret_cast<sqlite3_file*>(reinterpret_cast<ChecksumFile*>(file) + 1);
}
sqlite3_vfs* Below(sqlite3_vfs* vfs) { return static_cast<sqlite3_vfs*>(vfs->pAppData); }

bool IsPage(int byte_count, sqlite3_int64 offset) {
  return byte_count >= kLeastPageBytes && std::has_single_bit(static_cast<unsigned>(byte_count)) && offset % byte_count == 0;
}

uint64_t Checksum(const char* page, int byte_count, sqlite3_int64 offset) {
  constexpr uint64_t kMultiplier = 0x9e3779b97f4a7c15;  // Odd; from the golden ratio.
  uint64_t sum = kMultiplier ^ static_cast<uint64_t>(offset);
  for (int i = 0; i + kChecksumBytes < byte_count; i += 8) {
    uint64_t word;
    std::memcpy(&word, page + i, sizeof word);
    sum = std::rotl((sum ^ word) * kMultiplier, 29);
  }
  return sum * kMultiplier;
}

// Whether the page is as it was written. A page that was never written is all zeros.
bool IsWhole(const char* page, int byte_count, sqlite3_int64 offset) {
  uint64_t sum;
  std::memcpy(&sum, page + byte_count - kChecksumBytes, sizeof sum);
  return sum == Checksum(page, byte_count, offset) ||
         std::all_of(page, page + byte_count, [](char byte) { return byte == 0; });
}

void LookAtHeader(ChecksumFile* file, const void* bytes, int byte_count, sqlite3_int64 offset) {
  if (offset == 0 && byte_count >= kHeaderBytes) {
    file->has_checksums = static_cast<const char*>(bytes)[kReservedBytesAt] == kChecksumBytes;
  }
}

int Read(sqlite3_file* file, void* bytes, int byte_count, sqlite3_int64 offset) {
  const int result = Below(file)->pMethods->xRead(Below(file), bytes, byte_count, offset);
  if (result != SQLITE_OK) return result;
  auto* self = reinterpret_cast<ChecksumFile*>(file);
  LookAtHeader(self, bytes, byte_count, offset);
  if (!self->has_checksums || !IsPage(byte_count, offset)) return SQLITE_OK;
  return IsWhole(static_cast<const char*>(bytes), byte_count, offset) ? SQLITE_OK : SQLITE_IOERR_DATA;
}

int Write(sqlite3_file* file, const void* bytes, int byte_count, sqlite3_int64 offset) {
  auto* self = reinterpret_cast<ChecksumFile*>(file);
  LookAtHeader(self, bytes, byte_count, offset);
  if (self->has_checksums && IsPage(byte_count, offset)) {
    // The page is SQLite's own, and what it reserved in it is ours.
    char* page = static_cast<char*>(const_cast<void*>(bytes));
    const uint64_t sum = Checksum(page, byte_count, offset);
    std::memcpy(page + byte_count - kChecksumBytes, &sum, sizeof sum);
  }
  return Below(file)->pMethods->xWrite(Below(file), bytes, byte_count, offset);
}

// Passes a call on to the file below.
template <auto method, typename... Args>
int Pass(sqlite3_file* file, Args... args) {
  return (Below(file)->pMethods->*method)(Below(file), args...);
}

void ShmBarrier(sqlite3_file* file) { Below(file)->pMethods->xShmBarrier(Below(file)); }

// Pages mapped into memory would not be checked.
int Fetch(sqlite3_file*, sqlite3_int64, int, void** page) {
  *page = nullptr;
  return SQLITE_OK;
}
int Unfetch(sqlite3_file*, sqlite3_int64, void*) { return SQLITE_OK; }

using Methods = sqlite3_io_methods;
constexpr Methods kMethods = {
    .iVersion = 3,
    .xClose = Pass<&Methods::xClose>,
    .xRead = Read,
    .xWrite = Write,
    .xTruncate = Pass<&Methods::xTruncate, sqlite3_int64>,
    .xSync = Pass<&Methods::xSync, int>,
    .xFileSize = Pass<&Methods::xFileSize, sqlite3_int64*>,
    .xLock = Pass<&Methods::xLock, int>,
    .xUnlock = Pass<&Methods::xUnlock, int>,
    .xCheckReservedLock = Pass<&Methods::xCheckReservedLock, int*>,
    .xFileControl = Pass<&Methods::xFileControl, int, void*>,
    .xSectorSize = Pass<&Methods::xSectorSize>,
    .xDeviceCharacteristics = Pass<&Methods::xDeviceCharacteristics>,
    .xShmMap = Pass<&Methods::xShmMap, int, int, int, void volatile**>,
    .xShmLock = Pass<&Methods::xShmLock, int, int, int>,
    .xShmBarrier = ShmBarrier,
    .xShmUnmap = Pass<&Methods::xShmUnmap, int>,
    .xFetch = Fetch,
    .xUnfetch = Unfetch,
};

int Open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  if ((flags & SQLITE_OPEN_MAIN_DB) == 0) return Below(vfs)->xOpen(Below(vfs), name, file, flags, out_flags);
  auto* self = reinterpret_cast<ChecksumFile*>(file);
  *self = {};
  const int result = Below(vfs)->xOpen(Below(vfs), name, Below(file), flags, out_flags);
  // Without methods SQLite does not close the file.
  if (result == SQLITE_OK) self->base.pMethods = &kMethods;
  return result;
}

}  // namespace

const char* ChecksumVfsName() {
  static const bool registered = [] {
    static sqlite3_vfs vfs = *sqlite3_vfs_find(nullptr);
    vfs.pAppData = sqlite3_vfs_find(nullptr);
    vfs.szOsFile += sizeof(ChecksumFile);
    vfs.zName = kName;
    vfs.xOpen = Open;
    return sqlite3_vfs_register(&vfs, /*makeDflt=*/0) == SQLITE_OK;
  }();
  return registered ? kName : nullptr;
}

}  // namespace isoflop
