#include "plugin/recognize/source_setting.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "core/base/status.h"
#include "plugin/recognize/quantity_names.h"
#include "plugin/recognize/usable_value.h"

namespace isoflop {
namespace {

constexpr size_t kGreatestKeySize = 1024;

constexpr SourceKind kAllKinds[] = {SourceKind::kParam, SourceKind::kMetric, SourceKind::kTag};

constexpr std::pair<std::string_view, ParameterConvention> kParameterCounts[] = {
    {"parameter_count", ParameterConvention::kTotal},
    {"non_embedding_parameter_count", ParameterConvention::kNonEmbedding},
    {"without_input_embedding_parameter_count", ParameterConvention::kWithoutInputEmbedding},
    {"active_parameter_count", ParameterConvention::kActive},
};

absl::StatusOr<Quantity> ReadName(std::string_view name, ParameterConvention& convention) {
  for (const auto& [known, its_convention] : kParameterCounts) {
    if (name != known) continue;
    convention = its_convention;
    return Quantity::kParameterCount;
  }
  if (const std::optional<Quantity> quantity = ParseQuantity(name)) return *quantity;
  std::vector<std::string> names;
  for (const Quantity quantity : kAllQuantities) names.emplace_back(QuantityName(quantity));
  return absl::InvalidArgumentError(absl::StrFormat("names no quantity: %s is none of %s", name, absl::StrJoin(names, ", ")));
}

// Takes " * UNIT" off the end of `text`; nothing where there is none.
absl::StatusOr<std::optional<double>> TakeUnit(absl::string_view& text) {
  const size_t star = text.rfind('*');
  if (star == absl::string_view::npos) return std::nullopt;  // Trackers have no names with a star.
  const absl::string_view number = text.substr(star + 1);
  const absl::StatusOr<double> unit = ParseNumber(std::string_view(number.data(), number.size()));
  if (!unit.ok() || !std::isfinite(*unit) || *unit <= 0) {
    return absl::InvalidArgumentError(absl::StrCat("what follows * must be a positive number, got \"", absl::StripAsciiWhitespace(number), "\""));
  }
  text = absl::StripAsciiWhitespace(text.substr(0, star));
  return *unit;
}

// Takes "metric:" and the like off the front.
std::optional<SourceKind> TakeKind(absl::string_view& text) {
  for (const SourceKind kind : kAllKinds) {
    if (absl::ConsumePrefix(&text, absl::StrCat(SourceKindName(kind), ":"))) return kind;
  }
  return std::nullopt;
}

absl::Status CheckKind(Quantity quantity, SourceKind kind) {
  const std::vector<SourceKind> kinds = KindsOf(quantity);
  if (std::find(kinds.begin(), kinds.end(), kind) != kinds.end()) return absl::OkStatus();
  std::vector<std::string> names;
  for (const SourceKind one : kinds) names.emplace_back(SourceKindName(one));
  return absl::InvalidArgumentError(absl::StrCat("must be read from a ", absl::StrJoin(names, " or "), ", got a ", SourceKindName(kind)));
}

double UnitOfKnownName(Quantity quantity, const std::string& key) {
  const KnownName* known = FindKnownName(key);
  return known != nullptr && known->quantity == quantity ? known->unit : 1;
}

}  // namespace

const char* SourceKindName(SourceKind kind) {
  switch (kind) {
    case SourceKind::kParam:
      return "param";
    case SourceKind::kMetric:
      return "metric";
    case SourceKind::kTag:
      return "tag";
  }
  return "";
}

std::vector<SourceKind> KindsOf(Quantity quantity) {
  if (quantity == Quantity::kLoss) return {SourceKind::kMetric};
  if (quantity == Quantity::kParameterCount) return {SourceKind::kParam, SourceKind::kTag, SourceKind::kMetric};
  if (quantity == Quantity::kLearningRate) return {SourceKind::kParam, SourceKind::kTag};  // The metric is the rate of the moment, not the peak.
  return {SourceKind::kMetric, SourceKind::kParam, SourceKind::kTag};
}

absl::StatusOr<std::pair<Quantity, SourceSetting>> ParseSourceSetting(const std::string& tag, const std::string& value) {
  SourceSetting setting = {.tag = tag, .value = value};
  ASSIGN_OR_RETURN(const Quantity quantity, ReadName(std::string_view(tag).substr(kMappingPrefix.size()), setting.convention));
  absl::string_view text = absl::StripAsciiWhitespace(value);
  if (text == "none") {
    setting.nowhere = true;
    return std::pair(quantity, setting);
  }
  ASSIGN_OR_RETURN(const std::optional<double> unit, TakeUnit(text));
  setting.kind = TakeKind(text);
  if (setting.kind) RETURN_IF_ERROR(CheckKind(quantity, *setting.kind));
  setting.key = std::string(text);
  if (setting.key.empty() || setting.key.size() > kGreatestKeySize) {
    return absl::InvalidArgumentError(absl::StrCat("must name a metric, param or tag in at most ", kGreatestKeySize, " bytes, got ", setting.key.size()));
  }
  setting.unit = unit.value_or(UnitOfKnownName(quantity, setting.key));
  return std::pair(quantity, std::move(setting));
}

}  // namespace isoflop
