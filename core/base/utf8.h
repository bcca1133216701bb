#ifndef ISOFLOP_CORE_BASE_UTF8_H_
#define ISOFLOP_CORE_BASE_UTF8_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace isoflop {

// How many bytes of `text` come before the first that is no UTF-8 (RFC 3629), or is NUL; text.size() where there is none such.
size_t Utf8PrefixSize(std::string_view text);

// `text` with U+FFFD for each of these bytes.
std::string MendUtf8(std::string_view text);

}  // namespace isoflop

#endif  // ISOFLOP_CORE_BASE_UTF8_H_
