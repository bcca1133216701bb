#include "plugin/recognize/column_header.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "plugin/recognize/usable_value.h"

namespace isoflop {
namespace {

using enum Quantity;

bool IsOneOf(const std::string& word, const std::vector<std::string>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool IsCount(Quantity quantity) {
  return quantity == kParameterCount || quantity == kTokenCount || quantity == kUniqueTokenCount || quantity == kBatchTokenCount ||
         quantity == kStepCount;
}

// "b" of "tokens (B)", "1e9" or "10^9"; nothing for another word.
std::optional<double> Magnitude(std::string word) {
  static const auto* const kWords = new std::map<std::string, double>{
      {"k", 1e3},  {"thousand", 1e3}, {"thousands", 1e3}, {"m", 1e6},  {"mn", 1e6},       {"million", 1e6},   {"millions", 1e6},
      {"b", 1e9},  {"g", 1e9},        {"bn", 1e9},        {"billion", 1e9}, {"billions", 1e9}, {"t", 1e12}, {"tn", 1e12},
      {"trillion", 1e12}, {"trillions", 1e12}};
  if (const auto found = kWords->find(word); found != kWords->end()) return found->second;
  for (const char* times : {"x", "*", "×"}) {
    if (absl::StartsWith(word, times)) word.erase(0, std::string(times).size());
  }
  const bool power = absl::StartsWith(word, "10^");
  const absl::StatusOr<double> number = ParseNumber(power ? word.substr(3) : word);
  if (!number.ok()) return std::nullopt;
  const double factor = power ? std::pow(10, *number) : *number;
  return std::isfinite(factor) && factor > 0 ? std::optional(factor) : std::nullopt;
}

// Of compute, as a whole: "pf_days", "eflops", "1e18_flops".
std::optional<double> FlopUnit(const std::string& text) {
  static const auto* const kUnits = new std::map<std::string, double>{
      {"flop", 1},         {"flops", 1},        {"tflop", 1e12},     {"tflops", 1e12},      {"teraflops", 1e12}, {"gflop", 1e9},
      {"gflops", 1e9},     {"gigaflops", 1e9},  {"pflop", 1e15},     {"pflops", 1e15},      {"petaflops", 1e15}, {"eflop", 1e18},
      {"eflops", 1e18},    {"exaflop", 1e18},   {"exaflops", 1e18},  {"zflop", 1e21},       {"zflops", 1e21},    {"zettaflops", 1e21},
      {"pf_days", 8.64e19}, {"pfdays", 8.64e19}, {"pf_day", 8.64e19}, {"pflop_s_days", 8.64e19}, {"petaflop_s_days", 8.64e19},
      {"pflops_days", 8.64e19}, {"petaflop_days", 8.64e19}, {"petaflops_days", 8.64e19}};
  if (const auto found = kUnits->find(text); found != kUnits->end()) return found->second;
  const size_t cut = text.rfind('_');
  if (cut != std::string::npos && IsOneOf(text.substr(cut + 1), {"flop", "flops"})) return Magnitude(text.substr(0, cut));
  return Magnitude(text);
}

// Every word of the unit must be understood.
std::optional<ColumnUnit> ReadUnit(Quantity quantity, std::string_view text) {
  const std::string normal = NormalizeName(text);
  ColumnUnit unit;
  if (quantity == kTrainingFlops) {
    const std::optional<double> factor = FlopUnit(normal);
    return factor ? std::optional(ColumnUnit{.factor = *factor, .convention = {}}) : std::nullopt;
  }
  for (const std::string& part : std::vector<std::string>(absl::StrSplit(normal, absl::ByAnyChar("_,"), absl::SkipEmpty()))) {
    if (quantity == kLoss && IsOneOf(part, {"nats", "nat", "per", "token"})) continue;
    if (!IsCount(quantity)) return std::nullopt;
    if (IsOneOf(part, {"in", "of", "count", "tokens", "token", "params", "param", "parameters", "parameter", "steps"})) continue;
    if (quantity == kParameterCount && IsOneOf(part, {"non", "nonembedding", "nonemb", "active", "activated", "total"})) {
      unit.convention = part == "total"             ? ParameterConvention::kTotal
                        : absl::StartsWith(part, "non") ? ParameterConvention::kNonEmbedding
                                                        : ParameterConvention::kActive;
    } else if (IsOneOf(part, {"embedding", "embeddings", "emb"}) && unit.convention == ParameterConvention::kNonEmbedding) {
      continue;
    } else if (const std::optional<double> magnitude = Magnitude(part)) {
      unit.factor *= *magnitude;
    } else {
      return std::nullopt;
    }
  }
  return unit;
}

// Where the brackets that end a header open; npos without any.
size_t OpeningBracket(std::string_view header) {
  const size_t last = header.find_last_not_of(' ');
  if (last == std::string_view::npos || (header[last] != ')' && header[last] != ']')) return std::string_view::npos;
  return header.rfind(header[last] == ')' ? '(' : '[', last);
}

// "params_b", "tokens_in_billions".
std::optional<KnownColumn> FindByLastWord(const std::string& normal) {
  const size_t cut = normal.rfind('_');
  if (cut == std::string::npos) return std::nullopt;
  const std::string word = normal.substr(cut + 1);
  if (!IsOneOf(word, {"k", "m", "mn", "b", "bn", "million", "millions", "billion", "billions", "trillion", "trillions"})) return std::nullopt;
  std::string name = normal.substr(0, cut);
  if (absl::EndsWith(name, "_in")) name.resize(name.size() - 3);
  const KnownName* known = name.size() > 1 ? FindKnownName(name) : nullptr;
  if (known == nullptr || !IsCount(known->quantity)) return std::nullopt;
  return KnownColumn{.known = known, .unit = {*Magnitude(word) * known->unit, known->convention}, .says_unit = true};
}

}  // namespace

std::optional<ColumnUnit> BracketedUnit(Quantity quantity, std::string_view header) {
  const size_t open = OpeningBracket(header);
  if (open == std::string_view::npos) return std::nullopt;
  return ReadUnit(quantity, header.substr(open + 1, header.find_last_not_of(' ') - open - 1));
}

std::optional<KnownColumn> FindKnownColumn(std::string_view header) {
  if (const KnownName* known = FindKnownName(header)) return KnownColumn{.known = known, .unit = {known->unit, known->convention}};
  const size_t open = OpeningBracket(header);
  if (open == std::string_view::npos) return FindByLastWord(NormalizeName(header));
  const KnownName* known = FindKnownName(header.substr(0, open));
  if (known == nullptr) return std::nullopt;
  std::optional<ColumnUnit> unit = BracketedUnit(known->quantity, header);
  if (!unit) return std::nullopt;
  unit->factor *= known->unit;
  if (!unit->convention) unit->convention = known->convention;
  return KnownColumn{.known = known, .unit = *unit, .says_unit = true};
}

bool NamesAnotherLossUnit(std::string_view header) {
  const std::vector<std::string> words = absl::StrSplit(NormalizeName(header), '_');
  return std::any_of(words.begin(), words.end(),
                     [](const std::string& word) { return IsOneOf(word, {"bpb", "bits", "bit", "ppl", "perplexity"}); });
}

bool NamesALoss(std::string_view header) {
  if (NamesAnotherLossUnit(header)) return false;
  bool names = false;
  for (const std::string& word : std::vector<std::string>(absl::StrSplit(NormalizeName(header), '_'))) {
    names |= absl::EndsWith(word, "loss");
    if (IsOneOf(word, {"std", "stderr", "stdev", "err", "error", "var", "function", "fn", "type", "name", "scale", "delta", "diff", "aux", "z",
                       "weight", "irreducible", "min", "max", "initial", "predicted", "pred"})) {
      return false;
    }
  }
  return names;
}

}  // namespace isoflop
