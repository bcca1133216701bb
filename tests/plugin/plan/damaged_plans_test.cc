#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "plugin/plan/plan_reader.h"

namespace isoflop {
namespace {

std::vector<PlanText> ReadAllPlans() {
  std::vector<PlanText> plans;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(ISOFLOP_TEST_DATA "/plans")) {
    if (!entry.is_regular_file() || entry.path().extension() == ".md") continue;
    std::ostringstream text;
    text << std::ifstream(entry.path()).rdbuf();
    plans.push_back({entry.path().filename().string(), text.str()});
  }
  std::sort(plans.begin(), plans.end(), [](const PlanText& a, const PlanText& b) { return a.text < b.text; });  // Folders come in any order.
  return plans;
}

// What one of the grammars reads in its own way.
const std::vector<std::string> kPieces = {"\"", "'", "\"\"\"", "$", "${", "$((", "`", "\\", "\n", "[", "]", "{", "}", "(", ")", ":", "=", "#", "# isoflop: ", "--", "*", "&a", "*a", "1e999",
                                          "-1", "nan", "null", "\xc3\xa9", "\xff", std::string(1, '\0'), "\t", ",", "<<: ", "!!x ", "|", ">", "- ", "?", "%", "//", "**"};

class Damage {
 public:
  explicit Damage(unsigned seed) : random_(seed) {}

  size_t Below(size_t count) { return std::uniform_int_distribution<size_t>(0, count - 1)(random_); }

  std::string Apply(std::string text) {
    for (size_t i = 1 + Below(4); i > 0; --i) ApplyOnce(text);
    return text;
  }

 private:
  void ApplyOnce(std::string& text) {
    const size_t at = Below(text.size() + 1);
    switch (Below(6)) {
      case 0: text.insert(at, kPieces[Below(kPieces.size())]); return;
      case 1: text.erase(at, 1 + Below(40)); return;
      case 2: text.insert(at, text.substr(Below(text.size() + 1), 1 + Below(200))); return;
      case 3: text.resize(at); return;
      case 4: text.replace(at, 1, 1, static_cast<char>(Below(256))); return;
      default:
        for (size_t count = Below(300), piece = Below(kPieces.size()); count > 0; --count) text.insert(at, kPieces[piece]);
    }
  }

  std::mt19937 random_;
};

TEST(DamagedPlanTest, EveryDamagedFileIsReadOrHasProblemsWithTheirPlace) {
  const std::vector<PlanText> plans = ReadAllPlans();
  ASSERT_GE(plans.size(), 15u);
  Damage damage(1);
  int refused = 0;
  constexpr int kCount = 4000;
  for (int i = 0; i < kCount; ++i) {
    const PlanText& plan = plans[damage.Below(plans.size())];
    const PlanReading reading = ReadPlan(damage.Apply(plan.text), plan.file);
    ASSERT_NE(reading.runs.empty(), reading.problems.empty());
    for (const PlanProblem& problem : reading.problems) ASSERT_EQ(problem.place.file, plan.file) << problem.message;
    refused += !reading.problems.empty();
  }
  EXPECT_GT(refused, kCount / 2);
  EXPECT_LT(refused, kCount);
}

}  // namespace
}  // namespace isoflop
