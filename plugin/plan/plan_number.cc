#include "plugin/plan/plan_number.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace isoflop {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

absl::Status Refuse(std::string_view rule, std::string_view text) {
  return absl::InvalidArgumentError(absl::StrFormat("must be %s, got \"%s\"", rule, absl::Utf8SafeCEscape(std::string(text))));
}

// The digits at the start of `text`, without the underscores between them; moves past them.
std::string TakeDigits(std::string_view& text) {
  std::string digits;
  while (!text.empty() && (IsDigit(text[0]) || (text[0] == '_' && !digits.empty() && text.size() > 1 && IsDigit(text[1])))) {
    if (text[0] != '_') digits += text[0];
    text.remove_prefix(1);
  }
  return digits;
}

bool TakeOneOf(std::string_view& text, std::string_view characters) {
  if (text.empty() || characters.find(text[0]) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

// The exponent that a letter stands for; empty for none known.
std::string_view LetterExponent(char letter) {
  switch (letter) {
    case 'K':
      return "e3";
    case 'M':
      return "e6";
    case 'B':
      return "e9";
    case 'T':
      return "e12";
  }
  return "";
}

struct Scanned {
  std::string decimal;    // "1300000000", "-1.3e9"; empty: no number.
  std::string_view rest;  // What follows it.
  bool leading_zero = false;
};

Scanned Scan(std::string_view text) {
  Scanned scanned;
  const bool minus = !text.empty() && text[0] == '-';
  TakeOneOf(text, "+-");
  const std::string whole = TakeDigits(text);
  std::string decimal = whole, fraction;
  if (TakeOneOf(text, ".")) decimal += "." + (fraction = TakeDigits(text));
  if (whole.empty() && fraction.empty()) return scanned;
  std::string_view after = text;
  if (TakeOneOf(after, "eE")) {
    const std::string sign = !after.empty() && after[0] == '-' ? "-" : "";
    TakeOneOf(after, "+-");
    if (const std::string exponent = TakeDigits(after); !exponent.empty()) {
      decimal += "e" + sign + exponent;
      text = after;
    }
  }
  return {(minus ? "-" : "") + decimal, text, whole.size() > 1 && whole[0] == '0'};
}

// Why the text is no number, by what follows the digits.
absl::Status RefuseRest(std::string_view rest, std::string_view text, bool letters) {
  const std::string example = letters ? "1.3e9 or 1.3B" : "1.3e9";
  const std::string_view number = text.substr(0, text.size() - rest.size());
  const char first = rest[0];
  if (first == ',') return Refuse("a number without commas, such as 1_300_000", text);
  if (first == '%') return Refuse("a number, not a percentage: write .4 for 40 %", text);
  if (first == '_') return Refuse("a number with underscores only between digits", text);
  const char capital = absl::ascii_toupper(static_cast<unsigned char>(first));
  if (letters && rest.size() == 1 && !LetterExponent(capital).empty() && capital != first) return Refuse(absl::StrFormat("a number with a capital letter: write %s%c", number, capital), text);
  if (first == ' ' || std::isalpha(static_cast<unsigned char>(first))) {
    return Refuse(absl::StrCat("a number alone, such as ", example, ": the field's name holds its unit"), text);
  }
  return Refuse(absl::StrCat("a number such as ", example), text);
}

bool IsNotFinite(std::string_view text) {
  std::string word = absl::AsciiStrToLower(std::string(text));
  word.erase(std::remove_if(word.begin(), word.end(), [](char c) { return c == '.' || c == '+' || c == '-'; }), word.end());
  return word == "nan" || word == "inf" || word == "infinity";
}

}  // namespace

absl::StatusOr<double> ParsePlanNumber(std::string_view text, bool letters) {
  if (IsNotFinite(text)) return Refuse("finite", text);
  Scanned scanned = Scan(text);
  if (scanned.decimal.empty()) return Refuse(letters ? "a number such as 1.3e9 or 1.3B" : "a number such as 1.3e9", text);
  const bool letter = letters && scanned.rest.size() == 1 && scanned.decimal.find('e') == std::string::npos;
  if (const std::string_view exponent = letter ? LetterExponent(scanned.rest[0]) : ""; !exponent.empty()) {
    scanned.decimal += exponent;
  } else if (!scanned.rest.empty()) {
    return text.substr(0, 2) == "0x" ? Refuse("a decimal number", text) : RefuseRest(scanned.rest, text, letters);
  }
  if (scanned.leading_zero) return Refuse("a decimal number without leading zeros", text);
  double value = 0;
  if (!absl::SimpleAtod(scanned.decimal, &value)) return Refuse("a number", text);
  return std::isfinite(value) ? absl::StatusOr<double>(value) : Refuse("finite", text);
}

absl::StatusOr<std::chrono::year_month_day> ParsePlanDate(std::string_view text) {
  const auto number = [&](size_t begin, size_t size) {
    int value = 0;
    for (char c : text.substr(begin, size)) value = IsDigit(c) ? 10 * value + (c - '0') : 100000;
    return value;
  };
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return Refuse("a date such as 2027-01-31", text);
  const int year = number(0, 4), month = number(5, 2), day = number(8, 2);
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (year > 9999 || month > 12 || day > 31 || !date.ok()) return Refuse("a date that the calendar has, such as 2027-01-31", text);
  return date;
}

}  // namespace isoflop
