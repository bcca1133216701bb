#ifndef ISOFLOP_PLUGIN_PLAN_DID_YOU_MEAN_H_
#define ISOFLOP_PLUGIN_PLAN_DID_YOU_MEAN_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace isoflop {

// The one of `known` that a mistyped `word` most likely meant: the fewest letters away (inserted, left out, replaced, or two swapped), at most a
// third of its own length, capitals not counting; the first of several. Nothing where none is near.
std::optional<std::string> NearestWord(std::string_view word, const std::vector<std::string_view>& known);

// "; did you mean WORD?", or nothing where none is near.
std::string DidYouMean(std::string_view word, const std::vector<std::string_view>& known);

// "linear or cosine".
std::string Alternatives(const std::vector<std::string_view>& words);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_PLAN_DID_YOU_MEAN_H_
