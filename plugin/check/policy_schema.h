#ifndef ISOFLOP_PLUGIN_CHECK_POLICY_SCHEMA_H_
#define ISOFLOP_PLUGIN_CHECK_POLICY_SCHEMA_H_

#include <nlohmann/json.hpp>

namespace isoflop {

// JSON Schema (draft 2020-12) of policies (policy_reader.h), made from the registry of findings.
nlohmann::ordered_json PolicySchema();

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_CHECK_POLICY_SCHEMA_H_
