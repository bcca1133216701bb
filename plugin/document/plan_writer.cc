#include "plugin/document/plan_writer.h"

#include <yaml-cpp/yaml.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace isoflop {
namespace {

void EmitMap(const std::vector<PlanLine>& run, YAML::Emitter& yaml) {
  yaml << YAML::BeginMap;
  for (const PlanLine& line : run) {
    yaml << YAML::Key << line.name << YAML::Value << line.value;
    if (!line.comment.empty()) yaml << YAML::Comment(line.comment);
  }
  yaml << YAML::EndMap;
}

}  // namespace

PlanLine::PlanLine(std::string of_name, std::string of_value, std::string of_comment)
    : name(std::move(of_name)), value(std::move(of_value)), comment(std::move(of_comment)) {}

PlanLine::PlanLine(std::string of_name, double of_value, std::string of_comment)
    : PlanLine(std::move(of_name), absl::StrFormat("%.10g", of_value), std::move(of_comment)) {}

std::string OneRunPlanText(const std::string& heading, const std::vector<PlanLine>& run) {
  YAML::Emitter yaml;
  if (!heading.empty()) yaml << YAML::Comment(heading) << YAML::Newline;
  EmitMap(run, yaml);
  return absl::StrCat(yaml.c_str(), "\n");
}

std::string PlanItemText(const std::vector<PlanLine>& run) {
  YAML::Emitter yaml;
  yaml << YAML::BeginSeq;
  EmitMap(run, yaml);
  yaml << YAML::EndSeq;
  return absl::StrCat(yaml.c_str(), "\n");
}

}  // namespace isoflop
