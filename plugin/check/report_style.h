#ifndef ISOFLOP_PLUGIN_CHECK_REPORT_STYLE_H_
#define ISOFLOP_PLUGIN_CHECK_REPORT_STYLE_H_

#include <cstddef>
#include <filesystem>
#include <string>

namespace isoflop {

// What outputs take from where they are made.
struct ReportStyle {
  bool problems = true;  // In text. False: those of plans are told elsewhere.
  bool colour = false;   // In text, by the codes of ECMA-48.
  size_t width = 0;      // In text: lines are broken before they are longer; 0: they are not.

  // Absolute. Hosts name files from the top of the repository, plans are named from the folder where the check runs.
  std::filesystem::path folder, repository;
};

// `file` as a host names it: from the repository where it lies in there, else as it is. With slashes, and without "." and "..".
std::string HostPath(const std::string& file, const ReportStyle& style);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_CHECK_REPORT_STYLE_H_
