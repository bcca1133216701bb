#include "plugin/cli/fit_csv.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"

namespace isoflop {
namespace {

// Ten significant digits: results are rounded to them.
std::string Figure(const std::optional<double>& value) { return value ? absl::StrFormat("%.10g", *value) : ""; }

std::string Field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  return absl::StrCat("\"", absl::StrReplaceAll(text, {{"\"", "\"\""}}), "\"");
}

void AddRow(const Fit& fit, const std::string& symbol, const std::string& name, const Interval& value, bool fixed, std::string& text) {
  absl::StrAppend(&text, Field(fit.group.value_or("")), ",", fit.approach, ",", fit.law, ",", symbol, ",", name, ",", Figure(value.estimate), ",",
                  Figure(value.lower), ",", Figure(value.upper), ",", fixed ? "true" : "false", "\n");
}

}  // namespace

std::string FitCsv(const std::vector<Fit>& fits) {
  std::string text = "group,approach,law,symbol,name,estimate,lower,upper,fixed\n";
  for (const Fit& fit : fits) {
    for (const FittedParameter& p : fit.parameters) AddRow(fit, p.symbol, p.name, p.value, p.fixed, text);
    if (!fit.allocation) continue;
    AddRow(fit, "a", "parameter_exponent", fit.allocation->parameter_exponent, false, text);
    AddRow(fit, "b", "token_exponent", fit.allocation->token_exponent, false, text);
    AddRow(fit, "", "parameter_coefficient", {fit.allocation->parameter_coefficient}, false, text);
    AddRow(fit, "", "token_coefficient", {fit.allocation->token_coefficient}, false, text);
  }
  return text;
}

}  // namespace isoflop
