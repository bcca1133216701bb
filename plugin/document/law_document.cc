#include "plugin/document/law_document.h"

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

}  // namespace

ordered_json LawDocument(const Fit& fit, const RefitRecord& refit) {
  ordered_json document = FitDocument(fit);
  document["refit"] = RefitObject(refit);
  return document;
}

LawParts SplitLaw(const Fit& fit, const RefitRecord& refit) {
  LawParts parts;
  for (const std::vector<double>& row : fit.replicas) parts.replicas.insert(parts.replicas.end(), row.begin(), row.end());
  Fit without_replicas = fit;
  without_replicas.replicas.clear();
  parts.document = LawDocument(without_replicas, refit).dump();
  return parts;
}

absl::StatusOr<std::string> JoinLaw(const LawParts& parts) {
  if (parts.replicas.empty()) return parts.document;
  ordered_json document = ordered_json::parse(parts.document, nullptr, /*allow_exceptions=*/false);
  if (!document.is_object() || !document.contains("parameters") || !document.contains("replicas")) {
    return absl::InvalidArgumentError("not a fit document");
  }
  document["replicas"]["estimates"] = Rows(parts.replicas, document["parameters"].size());
  return document.dump();
}

absl::StatusOr<ParsedLaw> ParseLaw(const LawParts& parts) {
  ParsedLaw law;
  ASSIGN_OR_RETURN(law.fit, ParseFitDocument(parts.document));
  law.fit.replicas = Rows(parts.replicas, law.fit.parameters.size());
  law.fit.replica_count = static_cast<int>(law.fit.replicas.size());
  const json document = json::parse(parts.document, nullptr, /*allow_exceptions=*/false);
  if (const auto refit = document.find("refit"); refit != document.end()) law.refit = ParseRefitObject(*refit);
  return law;
}

}  // namespace isoflop
