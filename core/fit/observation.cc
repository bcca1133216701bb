#include "core/fit/observation.h"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>

#include "absl/strings/str_format.h"
#include "core/fit/mix.h"
#include "core/quantity/training_flops.h"

namespace isoflop {
namespace {

using Content = std::array<double, kQuantityCount + 1>;

// An absent quantity sorts before every given one and hashes differently from all of them.
Content ContentOf(const Observation& observation) {
  Content content;
  for (int i = 0; i < kQuantityCount; ++i) content[i] = ValueOf(observation, kAllQuantities[i]).value_or(-1.0);
  content[kQuantityCount] = observation.weight;
  return content;
}

uint64_t HashContent(const Observation& observation, uint64_t hash) {
  for (double value : ContentOf(observation)) hash = Mix(hash, std::bit_cast<uint64_t>(value));
  return hash;
}

}  // namespace

const std::optional<double>& ValueOf(const Observation& o, Quantity quantity) {
  switch (quantity) {
    case Quantity::kParameterCount:
      return o.parameter_count;
    case Quantity::kTokenCount:
      return o.token_count;
    case Quantity::kTrainingFlops:
      return o.training_flops;
    case Quantity::kLoss:
      return o.loss_nats_per_token;
    case Quantity::kUniqueTokenCount:
      return o.unique_token_count;
    case Quantity::kStepCount:
      return o.step_count;
    case Quantity::kBatchTokenCount:
      return o.batch_token_count;
    case Quantity::kLearningRate:
      break;
  }
  return o.learning_rate;
}

std::optional<double>& ValueOf(Observation& observation, Quantity quantity) {
  return const_cast<std::optional<double>&>(ValueOf(std::as_const(observation), quantity));
}

std::optional<double> TrainingFlopsOf(const Observation& o) {
  if (o.training_flops || !o.parameter_count || !o.token_count) return o.training_flops;
  return TrainingFlops(*o.parameter_count, *o.token_count);
}

std::vector<Observation> SortByContent(std::vector<Observation> observations) {
  std::stable_sort(observations.begin(), observations.end(), ContentLess);
  return observations;
}

bool ContentLess(const Observation& a, const Observation& b) { return ContentOf(a) < ContentOf(b); }

std::string HashObservations(const std::vector<Observation>& sorted) {
  uint64_t low = Mix(1, sorted.size()), high = Mix(2, sorted.size());
  for (const Observation& observation : sorted) {
    low = HashContent(observation, low);
    high = HashContent(observation, high);
  }
  return absl::StrFormat("%016x%016x", high, low);
}

std::vector<uint64_t> ContentKeys(const std::vector<Observation>& sorted) {
  // A group's content is its members' in order; an ungrouped observation is a group of its own.
  std::map<std::string, uint64_t> group_hashes;
  for (const Observation& o : sorted) {
    if (o.run_group.empty()) continue;
    uint64_t& hash = group_hashes.try_emplace(o.run_group, Mix(4, 0)).first->second;
    hash = HashContent(o, hash);
  }
  std::map<uint64_t, uint64_t> equal_count;  // Of groups of equal content, so far.
  std::map<std::string, uint64_t> group_keys;
  std::vector<uint64_t> keys;
  keys.reserve(sorted.size());
  for (const Observation& o : sorted) {
    if (o.run_group.empty()) {
      const uint64_t hash = HashContent(o, Mix(4, 0));
      keys.push_back(Mix(hash, equal_count[hash]++));
      continue;
    }
    const auto known = group_keys.find(o.run_group);
    if (known != group_keys.end()) {
      keys.push_back(known->second);
      continue;
    }
    const uint64_t hash = group_hashes[o.run_group];
    keys.push_back(group_keys[o.run_group] = Mix(hash, equal_count[hash]++));
  }
  return keys;
}

}  // namespace isoflop
