#ifndef ISOFLOP_TESTS_PLUGIN_TESTING_STORE_STATE_H_
#define ISOFLOP_TESTS_PLUGIN_TESTING_STORE_STATE_H_

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#include "plugin/store/run_store.h"

namespace isoflop {

inline void DescribeRun(const RunRecord& run, bool with_counts, std::ostream& text) {
  text << run.run_id << '|' << run.study_id << '|' << run.run_name << '|' << static_cast<int>(run.status) << run.deleted
       << '|' << run.start_time_ms << '|' << run.end_time_ms << '\n';
  for (const auto& [key, value] : run.params) text << "  param " << key << '=' << value << '\n';
  for (const auto& [key, value] : run.tags) text << "  tag " << key << '=' << value << '\n';
  for (const auto& [key, metric] : run.metrics) {
    text << "  metric " << key << ' ' << metric.step << ' ' << metric.time_ms << ' ' << metric.value << '\n';
    if (!with_counts) continue;
    text << "    " << metric.point_count << ' ' << metric.repeated_step_count << ' ' << metric.out_of_order_count << ' '
         << metric.not_finite_count << '\n';
  }
}

// Everything that a store says of these studies' runs and of the curves under these keys, in one text. The first failure
// ends it.
inline absl::StatusOr<std::string> DescribeStore(RunStore& store, const std::vector<std::string>& studies,
                                                 const std::vector<std::string>& keys, bool with_counts) {
  const auto by_run = [](const auto& a, const auto& b) { return a.run_id < b.run_id; };
  std::ostringstream text;
  text.precision(17);
  for (const std::string& study : studies) {
    absl::StatusOr<std::vector<RunRecord>> runs = store.LoadRuns(study);
    if (!runs.ok()) return runs.status();
    std::sort(runs->begin(), runs->end(), by_run);
    for (const RunRecord& run : *runs) DescribeRun(run, with_counts, text);
    for (const std::string& key : keys) {
      absl::StatusOr<std::vector<MetricCurve>> curves = store.LoadCurves(study, key);
      if (!curves.ok()) return curves.status();
      std::sort(curves->begin(), curves->end(), by_run);
      for (const MetricCurve& curve : *curves) {
        text << study << ' ' << curve.run_id << ' ' << key << ':';
        for (const StoredPoint& p : curve.points) text << ' ' << p.step << ',' << p.time_ms << ',' << p.value << p.is_nan;
        text << '\n';
      }
    }
  }
  return text.str();
}

}  // namespace isoflop

#endif  // ISOFLOP_TESTS_PLUGIN_TESTING_STORE_STATE_H_
