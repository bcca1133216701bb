#ifndef ISOFLOP_PLUGIN_RECOGNIZE_RECOGNIZE_H_
#define ISOFLOP_PLUGIN_RECOGNIZE_RECOGNIZE_H_

#include <string>
#include <vector>

#include "core/fit/observation.h"
#include "core/quantity/parameter_convention.h"
#include "plugin/recognize/run_record.h"
#include "plugin/recognize/source_setting.h"

namespace isoflop {

// Where one quantity was read from.
struct QuantitySource {
  std::string quantity;  // Such as "parameter_count".
  std::string kind;      // "param", "tag", "metric" or "derived".
  std::string key;       // The name in the tracker, or the rule ("6ND") when derived.
  std::string reason;    // Why this one.
  bool by_hand = false;  // A setting says so (source_setting.h).
  double unit = 1;       // Of the logged figure, in the quantity's own unit.
  ParameterConvention convention = ParameterConvention::kTotal;  // Of parameter counts.
};

struct RecognizedStudy {
  std::vector<Observation> observations;  // Of finished runs that are not deleted.
  std::vector<Exclusion> excluded;        // Ended and stale runs that are not used, and unused points of used ones.
  std::vector<QuantitySource> mapping;    // Quantities that were found, the loss first.
  std::vector<std::string> missing;       // Quantities that a law needs and no run has, such as "loss_nats_per_token".
  std::vector<SettingIssue> setting_issues;  // Settings that name what no finished run has: as if they were not set.
  ParameterConvention convention = ParameterConvention::kTotal;
  int64_t running_count = 0;  // Without the stale ones.
  std::vector<std::string> running_run_ids;  // RUNNING in the tracker, without the stale ones.
  int64_t stale_count = 0;    // RUNNING in the tracker, but see stale_run.h.
};

// Turns the runs of one study into observations: loss, N, D and C, and where runs log them U, S, B and the peak learning rate. Which name is
// which quantity is decided once for the whole study: definitions are never mixed within a fit. A pure function of its input; the order of
// `runs` does not matter. `now_ms` tells which runs are stale (stale_run.h); none is at time 0. `settings`: what a person says is which.
RecognizedStudy RecognizeStudy(const std::vector<RunRecord>& runs, int64_t now_ms = 0, const MappingSettings& settings = {});

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_RECOGNIZE_RECOGNIZE_H_
