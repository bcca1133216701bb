#ifndef ISOFLOP_PLUGIN_CHECK_TERMINAL_TEXT_H_
#define ISOFLOP_PLUGIN_CHECK_TERMINAL_TEXT_H_

#include <cstddef>
#include <string>

namespace isoflop {

// How text looks on a terminal: the parameter of ECMA-48's SGR.
enum class TextLook { kPlain = 0, kBold = 1, kFaint = 2, kRed = 31, kGreen = 32, kYellow = 33, kMagenta = 35, kCyan = 36 };

// `text` in that look, or as it is without `colour`.
std::string Painted(const std::string& text, TextLook look, bool colour);

// `line`, which may be painted, broken at spaces so that no part shows more than `width` characters where its words allow; what follows the first part
// is indented by two more than that. 0: as it is.
std::string Wrapped(const std::string& line, size_t width);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_CHECK_TERMINAL_TEXT_H_
