#ifndef ISOFLOP_PLUGIN_STORE_CHECKSUM_VFS_H_
#define ISOFLOP_PLUGIN_STORE_CHECKSUM_VFS_H_

namespace isoflop {

// Bytes at the end of each page that hold its checksum; SQLite leaves them alone where a database reserves so many.
inline constexpr int kChecksumBytes = 8;

// Registers, once, a layer between SQLite and the operating system's files, and returns its name for sqlite3_open_v2.
// In a database that reserves kChecksumBytes (byte 20 of its header says so) it writes a checksum of each page's content
// and place into the page's last bytes, and reading a page whose checksum differs fails with SQLITE_IOERR_DATA: a torn
// page, a flipped bit, a page written to the wrong place. Other databases, logs and journals pass through; SQLite's own
// checksums guard the write-ahead log.
const char* ChecksumVfsName();

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_STORE_CHECKSUM_VFS_H_
