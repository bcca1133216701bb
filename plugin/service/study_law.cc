#include "plugin/service/study_law.h"

#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/status.h"
#include "plugin/document/law_document.h"

namespace isoflop {

absl::StatusOr<SharedLaw> NewestLaw(const StudyView& view, const std::string& name) {
  SharedLaw law = name.empty() ? view.law : view.FindLaw(name);
  if (law != nullptr) return law;
  return absl::NotFoundError(
      absl::StrCat("study: ", view.study_id, " has no law", name.empty() ? "" : " ", name, " yet"));
}

absl::StatusOr<SharedLaw> LawAt(RunStore& store, const StudyView& view, int64_t version, const std::string& name) {
  if (version < 0) return absl::InvalidArgumentError(absl::StrCat("version must not be negative, got ", version));
  ASSIGN_OR_RETURN(SharedLaw newest, NewestLaw(view, name));
  if (version == 0 || version == newest->fit.version) return newest;
  ASSIGN_OR_RETURN(LawVersion stored, store.LoadLawVersion(view.study_id, newest->fit.law, version));
  ASSIGN_OR_RETURN(ParsedLaw parsed, ParseLaw({std::move(stored.document), std::move(stored.replicas)}));
  parsed.fit.as_good_tolerance = view.settings->tolerance;
  return std::make_shared<const PublishedLaw>(PublishedLaw{.fit = std::move(parsed.fit),
                                                           .evidence_key = std::nullopt,
                                                           .refit = std::move(parsed.refit),
                                                           .create_time_ms = stored.created_time_ms,
                                                           .intervals_ready = stored.intervals_ready});
}

}  // namespace isoflop
