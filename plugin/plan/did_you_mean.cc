#include "plugin/plan/did_you_mean.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace isoflop {
namespace {

constexpr size_t kLongestWord = 64;  // Longer ones are no typing mistakes, and would take long to compare.

// Optimal string alignment distance.
size_t LettersAway(std::string_view a, std::string_view b) {
  std::vector<size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before.swap(last);
    last.swap(row);
  }
  return last[b.size()];
}

}  // namespace

std::optional<std::string> NearestWord(std::string_view word, const std::vector<std::string_view>& known) {
  if (word.size() > kLongestWord) return std::nullopt;
  const std::string lower = absl::AsciiStrToLower(std::string(word));
  std::optional<std::string> nearest;
  size_t least = std::string::npos;
  for (std::string_view candidate : known) {
    const size_t away = LettersAway(lower, absl::AsciiStrToLower(std::string(candidate)));
    if (away <= candidate.size() / 3 && away < least) {
      least = away;
      nearest = std::string(candidate);
    }
  }
  return nearest;
}

std::string DidYouMean(std::string_view word, const std::vector<std::string_view>& known) {
  const std::optional<std::string> meant = NearestWord(word, known);
  return meant ? absl::StrCat("; did you mean ", *meant, "?") : "";
}

std::string Alternatives(const std::vector<std::string_view>& words) {
  return absl::StrJoin(words, " or ", [](std::string* text, std::string_view word) { text->append(word); });
}

}  // namespace isoflop
