#include "plugin/check/one_line.h"

#include <algorithm>

#include "absl/strings/ascii.h"

namespace isoflop {

std::string OneLine(std::string_view text) {
  std::string line(text);
  std::replace_if(line.begin(), line.end(), [](char c) { return absl::ascii_iscntrl(static_cast<unsigned char>(c)); }, ' ');
  return line;
}

}  // namespace isoflop
