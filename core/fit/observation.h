#ifndef ISOFLOP_CORE_FIT_OBSERVATION_H_
#define ISOFLOP_CORE_FIT_OBSERVATION_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/quantity/quantity.h"

namespace isoflop {

// What the laws see of a run. A quantity that is present is positive and finite.
struct Observation {
  std::optional<double> parameter_count;      // N, count, in the study's convention.
  std::optional<double> token_count;          // D, tokens, repeats included.
  std::optional<double> training_flops;       // C, FLOPs; 6ND where absent.
  std::optional<double> loss_nats_per_token;  // L.
  std::optional<double> unique_token_count;   // U, tokens; D where absent.
  std::optional<double> step_count;           // S, optimizer steps.
  std::optional<double> batch_token_count;    // B, tokens.
  std::optional<double> learning_rate;        // eta, peak.
  double weight = 1;                          // In every sum; not negative.

  // How far its schedule came. Not part of the content: they qualify the loss. Finite and not negative where known.
  std::optional<double> final_learning_rate_share;  // The last learning rate over its peak.
  std::optional<double> completed_step_share;       // Steps made over steps planned.

  // Where it came from. Not part of the content: two observations of equal quantities and weight count as equal.
  std::string run_id;
  std::string run_name;
  int64_t end_time_ms = 0;                    // Milliseconds since 1970 (UTC); 0 where not known.
  std::map<std::string, std::string> labels;  // Columns that are no quantity.
  int64_t line = 0;                           // Of the input file, the header being line 1; 0 when it came from elsewhere.
  // Observations of one run share this; empty: a run of its own. Replicas draw runs, not observations.
  std::string run_group;
};

// One quantity of an observation, or nothing.
const std::optional<double>& ValueOf(const Observation& observation, Quantity quantity);
std::optional<double>& ValueOf(Observation& observation, Quantity quantity);

// C of an observation: as given, else 6ND; nothing where neither is known.
std::optional<double> TrainingFlopsOf(const Observation& observation);

// The order in which every sum runs: by content (all quantities and the weight), so that results do not depend on the order of arrival.
std::vector<Observation> SortByContent(std::vector<Observation> observations);

// Whether `a` comes before `b` in that order. Of two with equal content neither does.
bool ContentLess(const Observation& a, const Observation& b);

// A 128-bit hash, in 32 hexadecimal digits, of the content of sorted observations.
std::string HashObservations(const std::vector<Observation>& sorted);

// The key of each observation's bootstrap draws, shape [run_count]. Without groups: a 64-bit hash of its content and of its ordinal among
// equal ones. Observations of one run_group share a key: a hash of the contents of all of them in sorted order, and of the group's ordinal
// among groups of equal content.
std::vector<uint64_t> ContentKeys(const std::vector<Observation>& sorted);

// A run, or points of a run, that did not enter the fit.
struct Exclusion {
  int64_t line = 0;  // Of the input file; 0 when it came from elsewhere.
  std::string run_id;
  std::string run_name;
  std::string reason;
  int64_t point_count = 0;  // 0: the whole run is left out. Else the run is used, and this many of its points are not.

  bool operator==(const Exclusion&) const = default;
};

}  // namespace isoflop

#endif  // ISOFLOP_CORE_FIT_OBSERVATION_H_
