#include "plugin/document/law_document.h"

#include <algorithm>
#include <utility>

#include "core/base/status.h"
#include "plugin/document/documents.h"

namespace isoflop {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

// Row by row -> rows, as many columns as the fit has parameters.
std::vector<std::vector<double>> Rows(const std::vector<double>& values, size_t column_count) {
  std::vector<std::vector<double>> rows;
  if (column_count == 0) return rows;
  for (size_t i = 0; i + column_count <= values.size(); i += column_count) {
    rows.emplace_back(values.begin() + static_cast<ptrdiff_t>(i),
                      values.begin() + static_cast<ptrdiff_t>(i + column_count));
  }
  return rows;
}

// The first `count` rows, and the rest.
std::pair<std::vector<std::vector<double>>, std::vector<std::vector<double>>> SplitRows(std::vector<std::vector<double>> rows, size_t count) {
  const auto middle = rows.begin() + static_cast<ptrdiff_t>(std::min(count, rows.size()));
  return {{rows.begin(), middle}, {middle, rows.end()}};
}

}  // namespace

ordered_json LawDocument(const Fit& fit, const RefitRecord& refit) {
  ordered_json document = FitDocument(fit);
  document["refit"] = RefitObject(refit);
  return document;
}

LawParts SplitLaw(const Fit& fit, const RefitRecord& refit) {
  LawParts parts;
  const auto append = [&](const std::vector<std::vector<double>>& rows) {
    for (const std::vector<double>& row : rows) parts.replicas.insert(parts.replicas.end(), row.begin(), row.end());
  };
  append(fit.replicas);
  if (fit.drift_weighted) append(fit.drift_weighted->replicas);
  Fit kept = fit;
  kept.replicas.clear();
  kept.runs.clear();
  kept.as_good_tolerance.reset();
  if (kept.drift_weighted) kept.drift_weighted->replicas.clear();
  parts.document = LawDocument(kept, refit).dump();
  return parts;
}

absl::StatusOr<std::string> JoinLaw(const LawParts& parts) {
  if (parts.replicas.empty()) return parts.document;
  ordered_json document = ordered_json::parse(parts.document, nullptr, /*allow_exceptions=*/false);
  if (!document.is_object() || !document.contains("parameters") || !document.contains("replicas")) {
    return absl::InvalidArgumentError("not a fit document");
  }
  auto [replicas, drift_weighted] = SplitRows(Rows(parts.replicas, document["parameters"].size()), document["replicas"].value("count", size_t{0}));
  document["replicas"]["estimates"] = std::move(replicas);
  if (!drift_weighted.empty()) document["drift_weighted"]["replicas"] = {{"count", drift_weighted.size()}, {"estimates", drift_weighted}};
  return document.dump();
}

absl::StatusOr<ParsedLaw> ParseLaw(const LawParts& parts) {
  ParsedLaw law;
  ASSIGN_OR_RETURN(law.fit, ParseFitDocument(parts.document));
  const json document = json::parse(parts.document, nullptr, /*allow_exceptions=*/false);
  auto [replicas, drift_weighted] = SplitRows(Rows(parts.replicas, law.fit.parameters.size()), document["replicas"].value("count", size_t{0}));
  law.fit.replicas = std::move(replicas);
  law.fit.replica_count = static_cast<int>(law.fit.replicas.size());
  if (law.fit.drift_weighted) law.fit.drift_weighted->replicas = std::move(drift_weighted);
  if (const auto refit = document.find("refit"); refit != document.end()) law.refit = ParseRefitObject(*refit);
  return law;
}

}  // namespace isoflop
