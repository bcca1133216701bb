#ifndef ISOFLOP_PLUGIN_DOCUMENT_LAW_DOCUMENT_H_
#define ISOFLOP_PLUGIN_DOCUMENT_LAW_DOCUMENT_H_

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "core/fit/fit.h"
#include "plugin/document/refit_record.h"

namespace isoflop {

// A version of a study's law as the service shows it: FitDocument, and how the version came about under "refit".
nlohmann::ordered_json LawDocument(const Fit& fit, const RefitRecord& refit);

// The same in the two parts in which it is kept: the document without the replicas' estimates, and these row by row, those of the drift-weighted law
// last. The runs are not kept: the study has them, of its newest version at least; nor is what counts as good, which the study's settings say.
struct LawParts {
  std::string document;
  std::vector<double> replicas;
};
LawParts SplitLaw(const Fit& fit, const RefitRecord& refit);

// The document of both parts. Without replicas, the document as it is. InvalidArgument when it is none.
absl::StatusOr<std::string> JoinLaw(const LawParts& parts);

struct ParsedLaw {
  Fit fit;
  RefitRecord refit;
};
// Reads the parts back. InvalidArgument names the key and the rule.
absl::StatusOr<ParsedLaw> ParseLaw(const LawParts& parts);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_DOCUMENT_LAW_DOCUMENT_H_
