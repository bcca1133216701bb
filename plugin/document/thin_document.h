#ifndef ISOFLOP_PLUGIN_DOCUMENT_THIN_DOCUMENT_H_
#define ISOFLOP_PLUGIN_DOCUMENT_THIN_DOCUMENT_H_

#include <nlohmann/json.hpp>

#include "core/fit/fit.h"
#include "plugin/recognize/recognize.h"

namespace isoflop {

// What a page shows of a study whose runs cannot support advice yet. Keys:
//
//   needs           what a law needs: {"need", "met", "have", "detail"}; empty where there is a law
//   suggested_runs  that would make one possible beside those that are done (core/advice/candidate_runs.h): {"parameter_count", "token_count",
//                   "training_flops"}; likewise
//   suggested_plan  those as YAML for `isoflop check`; null where there is a law
//   prior_offer     the published law that could stand in for runs: {"name", "source", "weight"} (core/fit/prior_offer.h), or null
//
// `fit`: the study's law; null where there is none at all.
nlohmann::ordered_json ThinObject(const RecognizedStudy& study, const Fit* fit);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_DOCUMENT_THIN_DOCUMENT_H_
