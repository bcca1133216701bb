#ifndef ISOFLOP_PLUGIN_STUDY_FITTER_MEMORY_H_
#define ISOFLOP_PLUGIN_STUDY_FITTER_MEMORY_H_

#include <cstdint>
#include <list>
#include <mutex>
#include <unordered_map>

namespace isoflop {

class LawSlot;

// Holds what all laws work with under a bound: those used longest ago are dropped first. Thread safe.
class FitterMemory {
 public:
  explicit FitterMemory(int64_t greatest_bytes) : greatest_bytes_(greatest_bytes) {}

  // `slot` was used just now and holds `bytes`. Drops others, not those in use, while all are above the bound.
  void Use(LawSlot* slot, int64_t bytes);

 private:
  struct Entry {
    LawSlot* slot;
    int64_t bytes;
  };

  const int64_t greatest_bytes_;
  std::mutex mutex_;  // Guards the rest.
  std::list<Entry> entries_;  // Last used first.
  std::unordered_map<LawSlot*, std::list<Entry>::iterator> by_slot_;
  int64_t bytes_ = 0;
};

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_STUDY_FITTER_MEMORY_H_
