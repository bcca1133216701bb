#include "plugin/study/fitter_memory.h"

#include <vector>

#include "plugin/study/kept_study.h"

namespace isoflop {

void FitterMemory::Use(LawSlot* slot, int64_t bytes) {
  std::vector<LawSlot*> unused;
  {
    std::lock_guard<std::mutex> guard(mutex_);
    if (const auto known = by_slot_.find(slot); known != by_slot_.end()) {
      bytes_ -= known->second->bytes;
      entries_.erase(known->second);
    }
    entries_.push_front({slot, bytes});
    by_slot_[slot] = entries_.begin();
    bytes_ += bytes;
    while (bytes_ > greatest_bytes_ && entries_.size() > 1) {
      unused.push_back(entries_.back().slot);
      bytes_ -= entries_.back().bytes;
      by_slot_.erase(entries_.back().slot);
      entries_.pop_back();
    }
  }
  for (LawSlot* other : unused) other->DropUnlessInUse();
}

}  // namespace isoflop
