#include "plugin/plan/plan_text.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/base/utf8.h"

namespace isoflop {

Place PlaceAt(const std::string& text, size_t offset, const std::string& file) {
  const auto end = text.begin() + static_cast<std::ptrdiff_t>(offset);
  const size_t newline = offset == 0 ? std::string::npos : text.rfind('\n', offset - 1);
  return {file, 1 + static_cast<int>(std::count(text.begin(), end, '\n')), 1 + static_cast<int>(offset - (newline + 1))};
}

bool CheckPlanText(const std::string& text, const std::string& file, PlanProblems& problems) {
  if (text.size() > kGreatestPlanSize) {
    AddProblem(problems, {file}, absl::StrCat("a file must be at most ", kGreatestPlanSize, " bytes, got ", text.size()));
  } else if (const size_t good = Utf8PrefixSize(text); good < text.size()) {
    AddProblem(problems, PlaceAt(text, good, file),
               absl::StrFormat("a file must be text in UTF-8, got the byte 0x%02X", static_cast<unsigned char>(text[good])));
  } else {
    return true;
  }
  return false;
}

}  // namespace isoflop
