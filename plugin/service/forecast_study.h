#ifndef ISOFLOP_PLUGIN_SERVICE_FORECAST_STUDY_H_
#define ISOFLOP_PLUGIN_SERVICE_FORECAST_STUDY_H_

#include <vector>

#include "plugin/document/forecasts_document.h"
#include "plugin/service/run_curves.h"
#include "plugin/study/study_view.h"

namespace isoflop {

// What is said of a run under way beside the finished ones and the law that pages show.
RunForecast ForecastRun(const RunRecord& record, const RunningCurve& running, const FinishedCurves& finished, const StudyView& view);

// The forecast as it is kept; nothing where there is none, or the run has made all its steps.
std::optional<Prediction> PredictionOf(const RunForecast& said, const StudyView& view);

// Kept forecasts of the runs whose loss the study has, by the time that they rest on.
std::vector<RunRecordOfForecast> ScorePredictions(std::vector<Prediction> predictions, const RecognizedStudy& recognized);

// Which finished runs lie off the law, and what the study can see; of more than kMostExamined runs, those of the largest compute are examined.
struct Examined {
  std::optional<double> smallest_visible_shift;
  std::vector<RunOffLaw> runs;
};
Examined ExamineFinishedRuns(const RecognizedStudy& recognized);

inline constexpr size_t kMostExamined = 400;

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_SERVICE_FORECAST_STUDY_H_
