#ifndef ISOFLOP_PLUGIN_STUDY_STUDY_OF_LAW_H_
#define ISOFLOP_PLUGIN_STUDY_STUDY_OF_LAW_H_

#include <memory>
#include <string>
#include <vector>

#include "core/quantity/quantity.h"
#include "plugin/recognize/recognize.h"

namespace isoflop {

using SharedStudy = std::shared_ptr<const RecognizedStudy>;

// A study as a law sees that needs these quantities: S and B follow from D = SB where it needs them, and runs without one of them are excluded and
// say so. The study itself where nothing is missing.
SharedStudy StudyOfLaw(const SharedStudy& study, const std::string& law, const std::vector<Quantity>& needed);

// The same with what the registry's law of that name needs. The study itself for an unknown law.
SharedStudy StudyOfLaw(const SharedStudy& study, const std::string& law);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_STUDY_STUDY_OF_LAW_H_
