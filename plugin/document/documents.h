#ifndef ISOFLOP_PLUGIN_DOCUMENT_DOCUMENTS_H_
#define ISOFLOP_PLUGIN_DOCUMENT_DOCUMENTS_H_

#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "absl/status/statusor.h"
#include "core/advice/allocation.h"
#include "core/fit/fit.h"

namespace isoflop {

// The JSON documents of the command line and of the service: one writer, so that both print the same bytes. Absent quantities are null.

// What `isoflop fit --format json` prints.
nlohmann::ordered_json FitDocument(const Fit& fit);

// What it prints for several groups or approaches: {"schema_version": 1, "fits": [...]}.
nlohmann::ordered_json FitsDocument(const std::vector<Fit>& fits);

// Reads a FitDocument back. InvalidArgument names the key and the rule.
absl::StatusOr<Fit> ParseFitDocument(std::string_view json);

// What `isoflop advise --format json` prints.
nlohmann::ordered_json AdviceDocument(const std::vector<Advice>& advice);

// One object of AdviceDocument.
nlohmann::ordered_json AdviceObject(const Advice& advice);

// One object of `diagnostics`, and the list of them. "run" is null, or the run that it is about: {"run_id", "run_name"}.
nlohmann::ordered_json DiagnosticObject(const Diagnostic& diagnostic);
nlohmann::ordered_json DiagnosticArray(const std::vector<Diagnostic>& diagnostics);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_DOCUMENT_DOCUMENTS_H_
