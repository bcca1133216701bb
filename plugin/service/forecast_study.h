#ifndef ISOFLOP_PLUGIN_SERVICE_FORECAST_STUDY_H_
#define ISOFLOP_PLUGIN_SERVICE_FORECAST_STUDY_H_

#include <vector>

#include "core/advice/forecast_record.h"
#include "plugin/document/forecasts_document.h"
#include "plugin/service/run_curves.h"
#include "plugin/study/study_view.h"

namespace isoflop {

// What is said of a run under way beside the finished ones, the law that pages show, and how forecasts fared before.
RunForecast ForecastRun(const RunRecord& record, const RunningCurve& running, const FinishedCurves& finished, const StudyView& view,
                        const std::vector<PastForecast>& past);

// The forecast as it is kept; nothing where there is none, or the run has made all its steps.
std::optional<Prediction> PredictionOf(const RunForecast& said, const StudyView& view);

// Kept forecasts of the runs whose loss the study has, by the time that they rest on.
std::vector<RunRecordOfForecast> ScorePredictions(std::vector<Prediction> predictions, const RecognizedStudy& recognized);

// The record as core/advice/forecast_record.h takes it.
std::vector<PastForecast> PastOf(const std::vector<RunRecordOfForecast>& record);

// The finished runs whose schedule was cut, by name.
std::vector<CutRun> FindCutRuns(const RecognizedStudy& recognized);

// Planned compute, FLOPs: as logged, or 6ND; nothing where it is not known.
std::optional<double> PlannedFlops(const RunRecord& run, const std::vector<QuantitySource>& mapping);

// Which finished runs lie off the law, and what the study can see; of more than kMostExamined runs, those of the largest compute are examined.
struct Examined {
  std::optional<double> smallest_visible_shift;
  std::vector<RunOffLaw> runs;
};
Examined ExamineFinishedRuns(const RecognizedStudy& recognized);

inline constexpr size_t kMostExamined = 400;

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_SERVICE_FORECAST_STUDY_H_
