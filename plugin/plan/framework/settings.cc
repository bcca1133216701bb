#include "plugin/plan/framework/settings.h"

#include <array>
#include <charconv>
#include <utility>

namespace isoflop {

void AddSettings(const YamlNode& map, const std::string& prefix, Settings& settings) {
  for (const YamlEntry& entry : map.entries) {
    const std::string key = prefix + entry.key;
    if (entry.value.kind == YamlNode::Kind::kMap) {
      AddSettings(entry.value, key + ".", settings);
    } else if (entry.value.kind != YamlNode::Kind::kNull) {
      settings.insert_or_assign(key, Setting{key, entry.place, entry.value});
    }
  }
}

YamlNode ScalarNode(const Place& place, std::string text) { return {.kind = YamlNode::Kind::kScalar, .place = place, .text = std::move(text)}; }

std::string NumberText(double number) {
  std::array<char, 32> buffer;
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number);
  return {buffer.data(), end.ptr};
}

}  // namespace isoflop
