#include "plugin/check/report_style.h"

namespace isoflop {

std::string HostPath(const std::string& file, const ReportStyle& style) {
  const std::filesystem::path whole = (style.folder / file).lexically_normal();
  const std::filesystem::path inside = whole.lexically_relative(style.repository);
  const bool beneath = !inside.empty() && *inside.begin() != "..";
  return (beneath ? inside : std::filesystem::path(file).lexically_normal()).generic_string();
}

}  // namespace isoflop
