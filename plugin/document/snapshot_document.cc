#include "plugin/document/snapshot_document.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "core/base/status.h"
#include "plugin/document/documents.h"
#include "plugin/document/json_values.h"

namespace isoflop {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

absl::StatusOr<std::optional<std::chrono::sys_seconds>> ReadTime(const json& document) {
  const auto found = document.find("create_time");
  if (found == document.end() || found->is_null()) return std::nullopt;
  absl::Time time;
  std::string error;
  if (!found->is_string() || !absl::ParseTime(absl::RFC3339_full, found->get<std::string>(), &time, &error)) {
    return absl::InvalidArgumentError(absl::StrCat("not a fit document: \"create_time\" must be a time such as 2027-01-31T12:00:00Z, got ", found->dump()));
  }
  return std::chrono::sys_seconds(std::chrono::seconds(absl::ToUnixSeconds(time)));
}

std::string TextOf(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

}  // namespace

ordered_json SnapshotDocument(const FitSnapshot& snapshot) {
  ordered_json document = FitDocument(snapshot.fit);
  ordered_json fits = ordered_json::array();
  for (const Fit& fit : snapshot.hyperparameter_fits) fits.push_back(FitDocument(fit));
  document["create_time"] = TimeOrNull(snapshot.create_time);
  document["study"] = {{"id", snapshot.study_id}, {"name", snapshot.study_name}};
  document["hyperparameter_fits"] = std::move(fits);
  return document;
}

absl::StatusOr<FitSnapshot> ParseSnapshotDocument(std::string_view text) {
  FitSnapshot snapshot;
  ASSIGN_OR_RETURN(snapshot.fit, ParseFitDocument(text));
  const json document = json::parse(text);
  ASSIGN_OR_RETURN(snapshot.create_time, ReadTime(document));
  if (const auto study = document.find("study"); study != document.end() && study->is_object()) {
    snapshot.study_id = TextOf(*study, "id");
    snapshot.study_name = TextOf(*study, "name");
  }
  if (const auto fits = document.find("hyperparameter_fits"); fits != document.end() && fits->is_array()) {
    for (const json& fit : *fits) {
      ASSIGN_OR_RETURN(Fit one, ParseFitDocument(fit.dump()));
      snapshot.hyperparameter_fits.push_back(std::move(one));
    }
  }
  return snapshot;
}

}  // namespace isoflop
