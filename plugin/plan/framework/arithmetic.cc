#include "plugin/plan/framework/arithmetic.h"

#include <cctype>
#include <cmath>

#include "absl/strings/numbers.h"
#include "absl/strings/str_replace.h"

namespace isoflop {
namespace {

constexpr int kGreatestDepth = 32;

bool IsNameCharacter(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

// Recursive descent, one method a level of precedence; `failed_` once the text is no expression.
class Evaluator {
 public:
  Evaluator(std::string_view text, const NameValue& value_of) : rest_(text), value_of_(value_of) {}

  std::optional<double> Evaluate() {
    const double value = Sum();
    SkipSpace();
    return failed_ || !rest_.empty() || !std::isfinite(value) ? std::nullopt : std::optional(value);
  }

 private:
  void SkipSpace() {
    while (!rest_.empty() && std::isspace(static_cast<unsigned char>(rest_[0])) != 0) rest_.remove_prefix(1);
  }

  bool Take(std::string_view token) {
    SkipSpace();
    if (rest_.substr(0, token.size()) != token) return false;
    rest_.remove_prefix(token.size());
    return true;
  }

  double Fail() {
    failed_ = true;
    rest_ = {};
    return 0;
  }

  double Sum() {
    if (++depth_ > kGreatestDepth) return Fail();
    double sum = Product();
    while (!failed_) {
      if (Take("+")) {
        sum += Product();
      } else if (Take("-")) {
        sum -= Product();
      } else {
        break;
      }
    }
    --depth_;
    return sum;
  }

  double Product() {
    double product = Signed();
    while (!failed_) {
      if (Take("//")) {
        product = std::floor(product / Signed());
      } else if (Take("/")) {
        product /= Signed();
      } else if (Take("%")) {
        const double by = Signed();
        product -= by * std::floor(product / by);
      } else if (Take("*")) {
        product *= Signed();
      } else {
        break;
      }
    }
    return product;
  }

  double Signed() {
    double sign = 1;
    for (;;) {
      if (Take("-")) {
        sign = -sign;
      } else if (!Take("+")) {
        return sign * Power();
      }
    }
  }

  double Power() {
    const double base = Atom();
    if (failed_ || !Take("**")) return base;
    if (++depth_ > kGreatestDepth) return Fail();
    const double power = std::pow(base, Signed());
    --depth_;
    return power;
  }

  double Atom() {
    if (Take("(")) {
      const double inner = Sum();
      return Take(")") ? inner : Fail();
    }
    size_t size = 0;
    const bool number = !rest_.empty() && (std::isdigit(static_cast<unsigned char>(rest_[0])) != 0 || rest_[0] == '.');
    while (size < rest_.size() && (IsNameCharacter(rest_[size]) || (number && InNumber(size)))) ++size;
    const std::string_view word = rest_.substr(0, size);
    rest_.remove_prefix(size);
    if (!number) {
      const std::optional<double> value = word.empty() ? std::nullopt : value_of_(word);
      return value ? *value : Fail();
    }
    double value = 0;
    return absl::SimpleAtod(absl::StrReplaceAll(std::string(word), {{"_", ""}}), &value) ? value : Fail();
  }

  // A point, or the sign of an exponent.
  bool InNumber(size_t at) const {
    const char c = rest_[at];
    return c == '.' || ((c == '-' || c == '+') && at > 0 && (rest_[at - 1] == 'e' || rest_[at - 1] == 'E'));
  }

  std::string_view rest_;
  const NameValue& value_of_;
  int depth_ = 0;
  bool failed_ = false;
};

}  // namespace

std::optional<double> EvaluateArithmetic(std::string_view text, const NameValue& value_of) { return Evaluator(text, value_of).Evaluate(); }

}  // namespace isoflop
