#ifndef ISOFLOP_PLUGIN_RECOGNIZE_EVIDENCE_KEY_H_
#define ISOFLOP_PLUGIN_RECOGNIZE_EVIDENCE_KEY_H_

#include <bit>
#include <cstdint>

#include "core/fit/mix.h"
#include "core/fit/observation.h"

namespace isoflop {

// Tells sets of observations apart by their contents, whatever the order: the sum of 128-bit hashes. Unlike
// HashObservations it follows a change in constant time. Equal only by a chance of 2^-128, or for equal sets.
class EvidenceKey {
 public:
  void Add(const Observation& observation) {
    low_ += Hash(observation, 1);
    high_ += Hash(observation, 2);
  }
  void Remove(const Observation& observation) {
    low_ -= Hash(observation, 1);
    high_ -= Hash(observation, 2);
  }

  bool operator==(const EvidenceKey&) const = default;

 private:
  static uint64_t Hash(const Observation& observation, uint64_t seed) {
    uint64_t hash = Mix(seed, std::bit_cast<uint64_t>(observation.weight));
    for (const Quantity quantity : kAllQuantities) {
      hash = Mix(hash, std::bit_cast<uint64_t>(ValueOf(observation, quantity).value_or(-1)));
    }
    return hash;
  }

  uint64_t low_ = 0;
  uint64_t high_ = 0;
};

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_RECOGNIZE_EVIDENCE_KEY_H_
