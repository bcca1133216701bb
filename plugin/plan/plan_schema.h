#ifndef ISOFLOP_PLUGIN_PLAN_PLAN_SCHEMA_H_
#define ISOFLOP_PLUGIN_PLAN_PLAN_SCHEMA_H_

#include <string>

namespace isoflop {

// The JSON Schema, draft 2020-12, of what ReadPlan takes as a plan of our own, for editors and other validators. It follows from PlanFields() and refuses
// nothing that ReadPlan takes, whether a YAML reader takes 3e-4 or 1_000 for a number (YAML 1.2, 1.1) or for text; dates are text. It cannot tell
// what needs arithmetic: ranges of numbers written as text (1.3B), contradictions, names that come twice.
std::string PlanSchemaText();

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_PLAN_PLAN_SCHEMA_H_
