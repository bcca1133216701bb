#ifndef ISOFLOP_PLUGIN_STORE_PREDICTIONS_H_
#define ISOFLOP_PLUGIN_STORE_PREDICTIONS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"

namespace isoflop {

class SqliteDatabase;

// A forecast of a run's final loss, kept so that it can be scored when the run has ended.
struct Prediction {
  std::string study_id;
  std::string run_id;
  int tenth = 0;             // Of the run's way, 0 to 9, in which it was made.
  int64_t time_ms = 0;       // Of the last point that it rests on.
  int64_t law_version = 0;
  std::string method;        // As plugin/document/forecasts_document.h names it.
  double progress = 0;       // In [0, 1].
  double log_loss = 0;       // ln of nats/token.
  double standard_deviation = 0;
  double multiple = 0;       // Of the standard deviation, for the interval.
};

// Adds it, but for one of that tenth of the run that is there already: the first stands, so that nobody forecasts with hindsight. To be called
// within a transaction.
absl::Status KeepPrediction(SqliteDatabase& database, const Prediction& prediction);

// Those of a study, by run and tenth.
absl::Status ReadPredictions(SqliteDatabase& database, const std::string& study_id, std::vector<Prediction>& predictions);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_STORE_PREDICTIONS_H_
