#ifndef ISOFLOP_PLUGIN_DOCUMENT_PLAN_WRITER_H_
#define ISOFLOP_PLUGIN_DOCUMENT_PLAN_WRITER_H_

#include <string>
#include <vector>

namespace isoflop {

// One field of a planned run, as plans for `isoflop check` write it.
struct PlanLine {
  PlanLine(std::string name, std::string value, std::string comment = "");
  // With 10 significant digits.
  PlanLine(std::string name, double value, std::string comment = "");

  std::string name;     // As plugin/plan/plan_field.h has it.
  std::string value;
  std::string comment;  // Where the value comes from; may be empty.
};

// A run as a plan of its own: YAML, a line a field. `heading` comes first, as comments; it may be empty.
std::string OneRunPlanText(const std::string& heading, const std::vector<PlanLine>& run);

// A run of a plan's list of `runs`.
std::string PlanItemText(const std::vector<PlanLine>& run);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_DOCUMENT_PLAN_WRITER_H_
