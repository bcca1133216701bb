#include "plugin/recognize/recognize.h"

#include "plugin/recognize/study_recognizer.h"

namespace isoflop {

RecognizedStudy RecognizeStudy(const std::vector<RunRecord>& runs, int64_t now_ms, const MappingSettings& settings) {
  StudyRecognizer recognizer;
  recognizer.SetMapping(settings);
  for (const RunRecord& run : runs) recognizer.Set(run);
  return recognizer.Recognize(now_ms);
}

}  // namespace isoflop
