#include "plugin/store/predictions.h"

#include "plugin/store/sqlite_database.h"

namespace isoflop {

absl::Status KeepPrediction(SqliteDatabase& database, const Prediction& prediction) {
  return database.Execute(
      "INSERT OR IGNORE INTO prediction (study_id, run_id, tenth, time_ms, law_version, method, progress, log_loss, standard_deviation, multiple) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
      prediction.study_id, prediction.run_id, prediction.tenth, prediction.time_ms, prediction.law_version, prediction.method, prediction.progress,
      prediction.log_loss, prediction.standard_deviation, prediction.multiple);
}

absl::Status ReadPredictions(SqliteDatabase& database, const std::string& study_id, std::vector<Prediction>& predictions) {
  return database.Query(
      "SELECT run_id, tenth, time_ms, law_version, method, progress, log_loss, standard_deviation, multiple FROM prediction WHERE study_id = ?1 "
      "ORDER BY run_id, tenth",
      [&](SqliteStatement& row) {
        predictions.push_back({.study_id = study_id,
                               .run_id = row.Text(0),
                               .tenth = static_cast<int>(row.Integer(1)),
                               .time_ms = row.Integer(2),
                               .law_version = row.Integer(3),
                               .method = row.Text(4),
                               .progress = row.Real(5),
                               .log_loss = row.Real(6),
                               .standard_deviation = row.Real(7),
                               .multiple = row.Real(8)});
      },
      study_id);
}

}  // namespace isoflop
