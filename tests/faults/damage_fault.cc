#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/faults/fault_result.h"
#include "tests/faults/sweep.h"
#include "tests/plugin/testing/server_process.h"
#include "tests/plugin/testing/temporary_folder.h"

namespace isoflop {
namespace {

constexpr size_t kPageBytes = 4096;
constexpr double kDeadlineSec = 60;

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void WriteFile(const std::string& path, const std::string& bytes) { std::ofstream(path, std::ios::binary) << bytes; }

struct StoreFiles {
  std::string database, log, witness;
};

// The files of a store that took the sweep in, once as a server leaves them that ended (no log), once that was killed.
StoreFiles FilesAfter(int signal) {
  const TemporaryFolder folder;
  const std::string store = folder.File("isoflop.db");
  ServerProcess server({"--store=sqlite:" + store, "--listen=unix:" + folder.File("socket")});
  SweepClient(SweepBatches()).Deliver(server.address(), kDeadlineSec);
  SettledLaw(store);
  server.End(signal);
  return {ReadFile(store), ReadFile(store + "-wal"), ReadFile(store + ".lock")};
}

void FlipABit(std::string& bytes, std::mt19937& random) {
  const size_t bit = std::uniform_int_distribution<size_t>(0, 8 * bytes.size() - 1)(random);
  bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << bit % 8));
}

// The second half of a page becomes that of another.
void TearAPage(std::string& bytes, std::mt19937& random) {
  std::uniform_int_distribution<size_t> page(0, bytes.size() / kPageBytes - 1);
  const std::string half = bytes.substr(page(random) * kPageBytes + kPageBytes / 2, kPageBytes / 2);
  bytes.replace(page(random) * kPageBytes + kPageBytes / 2, kPageBytes / 2, half);
}

struct DamageCounts {
  int set_aside = 0;
  int equal_laws = 0;
  int ended_well = 0;
};

// Serves damaged files, delivers again what the tracker holds, and looks at the law.
void ServeDamaged(const StoreFiles& files, const std::string& clean_law, DamageCounts& counts) {
  const TemporaryFolder folder;
  const std::string store = folder.File("isoflop.db");
  WriteFile(store, files.database);
  WriteFile(store + ".lock", files.witness);
  if (!files.log.empty()) WriteFile(store + "-wal", files.log);
  ServerProcess server({"--store=sqlite:" + store, "--listen=unix:" + folder.File("socket")});
  // As at each connection of the plug-in. Damage that is found on the way takes acknowledged events along; the connection
  // breaks, and all is delivered once more.
  bool delivered = true;
  for (int i = 0; i < 2; ++i) delivered &= SweepClient(SweepBatches()).Deliver("unix:" + folder.File("socket"), kDeadlineSec);
  counts.equal_laws += delivered && SettledLaw(store) == clean_law;
  counts.ended_well += server.End(SIGTERM) == 0;
  const auto files_now = std::filesystem::directory_iterator(folder.File(""));
  counts.set_aside += std::any_of(begin(files_now), end(files_now), [](const auto& entry) {
    return absl::StrContains(entry.path().filename().string(), ".damaged-");
  });
}

}  // namespace

FaultResult DamagePages(const FaultPlan& plan) {
  const std::string clean_law = LawOfCleanDelivery();
  const StoreFiles ended = FilesAfter(SIGTERM), killed = FilesAfter(SIGKILL);
  std::mt19937 random(plan.seed);
  DamageCounts counts;
  for (int i = 0; i < plan.damage_count; ++i) {
    StoreFiles files = i % 2 == 0 ? ended : killed;
    if (i % 4 == 0) FlipABit(files.database, random);
    if (i % 4 == 1) FlipABit(files.log, random);
    if (i % 4 == 2) TearAPage(files.database, random);
    if (i % 4 == 3) files.log.resize(std::uniform_int_distribution<size_t>(0, files.log.size())(random));
    ServeDamaged(files, clean_law, counts);
  }
  return {.fault = "damaged pages",
          .figures = absl::StrCat(plan.damage_count, " times (bit of a page, bit of the log, torn page, log cut short): set aside ",
                                  counts.set_aside, ", ended in order ", counts.ended_well,
                                  "; after delivering again laws equal to clean delivery ", counts.equal_laws, " of ",
                                  plan.damage_count),
          .passed = !clean_law.empty() && counts.set_aside > 0 && counts.equal_laws == plan.damage_count &&
                    counts.ended_well == plan.damage_count};
}

}  // namespace isoflop
