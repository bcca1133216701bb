#ifndef ISOFLOP_PLUGIN_CHECK_ONE_LINE_H_
#define ISOFLOP_PLUGIN_CHECK_ONE_LINE_H_

#include <string>
#include <string_view>

namespace isoflop {

// `text` with a space for each control character: names and reasons come from whoever proposes a plan, and neither terminals nor hosts that read
// commands in a log should take orders from them.
std::string OneLine(std::string_view text);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_CHECK_ONE_LINE_H_
