#include "plugin/service/exclusion_preview.h"

#include <algorithm>
#include <memory>

#include "absl/strings/str_cat.h"
#include "plugin/recognize/exclusion_tag.h"
#include "plugin/recognize/recognize.h"
#include "plugin/service/compute_fit.h"

namespace isoflop {

absl::StatusOr<Fit> PreviewExclusion(std::vector<RunRecord> runs, const MappingSettings& mapping, const Fit& now, const std::string& run_id,
                                     bool excluded) {
  const auto run = std::find_if(runs.begin(), runs.end(), [&](const RunRecord& one) { return one.run_id == run_id && !one.deleted; });
  if (run == runs.end()) return absl::NotFoundError(absl::StrCat("run_id: the study has no run ", run_id));
  run->tags[std::string(kExclusionTag)] = excluded ? "true" : "false";
  FitSpecification specification;
  specification.options = {.law = now.law, .loss = now.loss, .huber_delta = now.huber_delta, .replica_count = kPreviewReplicaCount,
                           .seed = now.seed};
  specification.options.published_prior = now.published_prior;
  return ComputeFit(specification, std::make_shared<const RecognizedStudy>(RecognizeStudy(runs, 0, mapping)), [] { return false; });
}

}  // namespace isoflop
