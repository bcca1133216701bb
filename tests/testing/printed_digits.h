#ifndef ISOFLOP_TESTS_TESTING_PRINTED_DIGITS_H_
#define ISOFLOP_TESTS_TESTING_PRINTED_DIGITS_H_

#include <gmock/gmock.h>

#include <cmath>
#include <cstdlib>
#include <string>

namespace isoflop {

// Whether a value, rounded to as many digits as `text` prints, is `text`, such as "1.82422e9": within half a unit of its last digit. Rounding half
// either way passes.
MATCHER_P(Prints, text, "prints as " + std::string(text)) {
  const std::string mantissa = std::string(text).substr(0, std::string(text).find('e'));
  const std::string exponent = std::string(text).substr(mantissa.size());
  const size_t point = mantissa.find('.');
  const size_t decimals = point == std::string::npos ? 0 : mantissa.size() - point - 1;
  const double unit = std::pow(10, (exponent.empty() ? 0 : std::atof(exponent.c_str() + 1)) - static_cast<double>(decimals));
  const double difference = arg - std::atof(std::string(text).c_str());
  *result_listener << "off by " << difference / unit << " units of the last digit";
  return std::abs(difference) <= 0.5 * unit * (1 + 1e-6);
}

}  // namespace isoflop

#endif  // ISOFLOP_TESTS_TESTING_PRINTED_DIGITS_H_
