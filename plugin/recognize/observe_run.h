#ifndef ISOFLOP_PLUGIN_RECOGNIZE_OBSERVE_RUN_H_
#define ISOFLOP_PLUGIN_RECOGNIZE_OBSERVE_RUN_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/fit/observation.h"
#include "plugin/recognize/run_record.h"
#include "plugin/recognize/source_choice.h"

namespace isoflop {

// Where the quantities of a study's runs are read from; absent where no run has one.
struct SourceMapping {
  std::optional<SourceChoice> loss, parameter_count, token_count, training_flops;
  // U, S, B and the peak learning rate, where there are any: some laws need them, but a run without is used all the same.
  std::map<Quantity, SourceChoice> qualifiers;

  // What a law needs and no source gives or implies, such as "loss_nats_per_token".
  std::vector<std::string> Missing() const;
  // Whether both read from the same sources, whatever the reasons.
  bool ReadsAs(const SourceMapping& other) const;
};

SourceMapping ChooseSources(const SourceCounts& counts);

// What one run comes to: an observation, or else the reason why not, and its points that are not used.
struct ObservedRun {
  std::optional<Observation> observation;
  std::vector<Exclusion> excluded;
};

// Of a run that ended and is not deleted.
ObservedRun ObserveRun(const RunRecord& run, const SourceMapping& mapping);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_RECOGNIZE_OBSERVE_RUN_H_
