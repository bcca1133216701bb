#include "core/base/utf8.h"

namespace isoflop {
namespace {

// How many bytes the UTF-8 character at the start of `text` takes; 0 where there is none (RFC 3629).
size_t CharacterLength(std::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  if (byte(0) < 0x80) return 1;
  const size_t length = byte(0) >= 0xC2 && byte(0) <= 0xDF ? 2 : (byte(0) & 0xF0) == 0xE0 ? 3 : byte(0) >= 0xF0 && byte(0) <= 0xF4 ? 4 : 0;
  if (length == 0 || text.size() < length) return 0;
  for (size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  // Not the shortest form, a surrogate, or past U+10FFFF.
  const bool bad = (byte(0) == 0xE0 && byte(1) < 0xA0) || (byte(0) == 0xED && byte(1) > 0x9F) || (byte(0) == 0xF0 && byte(1) < 0x90) ||
                   (byte(0) == 0xF4 && byte(1) > 0x8F);
  return bad ? 0 : length;
}

}  // namespace

size_t Utf8PrefixSize(std::string_view text) {
  for (size_t i = 0; i < text.size();) {
    const size_t length = text[i] == '\0' ? 0 : CharacterLength(text.substr(i));
    if (length == 0) return i;
    i += length;
  }
  return text.size();
}

std::string MendUtf8(std::string_view text) {
  std::string mended;
  while (true) {
    const size_t good = Utf8PrefixSize(text);
    mended.append(text.substr(0, good));
    if (good == text.size()) return mended;
    mended += "\xEF\xBF\xBD";
    text.remove_prefix(good + 1);
  }
}

}  // namespace isoflop
