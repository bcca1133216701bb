#ifndef ISOFLOP_PLUGIN_PLAN_FRAMEWORK_ARITHMETIC_H_
#define ISOFLOP_PLUGIN_PLAN_FRAMEWORK_ARITHMETIC_H_

#include <functional>
#include <optional>
#include <string_view>

namespace isoflop {

// The value of a name within an expression; nothing where it has none.
using NameValue = std::function<std::optional<double>(std::string_view)>;

// The value of an expression of decimal numbers and names with + - * / // % ** and parentheses, by Python's rules. Nothing is executed: whatever else
// the text holds, a name without a value, or what no double holds, gives nothing. Nested at most 32 deep.
std::optional<double> EvaluateArithmetic(std::string_view text, const NameValue& value_of);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_PLAN_FRAMEWORK_ARITHMETIC_H_
