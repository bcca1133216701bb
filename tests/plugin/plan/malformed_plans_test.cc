#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "plugin/plan/plan_reader.h"
#include "plugin/plan/plan_text.h"
#include "plugin/plan/yaml_tree.h"

namespace isoflop {
namespace {

using testing::ElementsAreArray;
using testing::IsEmpty;
using testing::Not;

constexpr char kGood[] = "parameter_count: 1e9\ntoken_count: 2e10\n";

struct Malformed {
  std::string name;
  std::string text;
  std::vector<std::string> problems;  // All, in order.
};

std::vector<Malformed> SyntaxRows() {
  return {
      {"nothing", "", {"p.yaml:1:1: a plan must be a run, a list of runs, or a map with `runs` or `sweep`"}},
      {"a word", "hello\n", {"p.yaml:1:1: a plan must be a run, a list of runs, or a map with `runs` or `sweep`"}},
      {"an open bracket", "runs: [\n", {"p.yaml:2:1: end of sequence flow not found"}},
      {"a colon too many", "name: a: b\n", {"p.yaml:1:8: illegal map value"}},
      {"a tab", "runs:\n\t- name: a\n", {"p.yaml:2:1: indentation must be by spaces, got a tab"}},
      {"no text", "name: a\n  \xff\n", {"p.yaml:2:3: a file must be text in UTF-8, got the byte 0xFF"}},
      {"a second document", std::string(kGood) + "---\nname: b\n", {"p.yaml:4:1: a file must be one document, got a second"}},
      {"an anchor and its alias", std::string(kGood) + "name: &a b\nstudy: *a\n",
       {"p.yaml:3:7: anchors are not allowed: write the value out where it is used", "p.yaml:4:8: aliases are not allowed: write the value out"}},
      {"a merge key", std::string(kGood) + "<<: {name: b}\n", {"p.yaml:3:1: merge keys (<<) are not allowed: write the values out"}},
      {"a tag", std::string(kGood) + "name: !!python/object:os.system x\n", {"p.yaml:3:7: tags are not allowed, got tag:yaml.org,2002:python/object:os.system"}},
      {"a key twice", std::string(kGood) + "token_count: 3e10\n", {"p.yaml:3:1: token_count is given twice"}},
      {"nesting without end", std::string(17, '[') + std::string(17, ']'), {"p.yaml:1:17: a file must nest at most 16 deep"}},
      {"too long", std::string(kGreatestPlanSize + 1, '#'), {"p.yaml: a file must be at most 1048576 bytes, got 1048577"}},
  };
}

std::vector<Malformed> ValueRows() {
  return {
      {"a key mistyped", "paramter_count: 1e9\ntoken_count: 2e10\n",
       {"p.yaml:1:1: a run needs parameter_count or an architecture", "p.yaml:1:1: paramter_count is not a field of plans; did you mean parameter_count?"}},
      {"a key of nothing near", std::string(kGood) + "colour: red\n", {"p.yaml:3:1: colour is not a field of plans"}},
      {"a field in the wrong map", std::string(kGood) + "gpu_count: 8\n", {"p.yaml:3:1: gpu_count must stand under `hardware`"}},
      {"a unit in the value", "parameter_count: 1e9\ntoken_count: 300 B tokens\n",
       {"p.yaml:2:14: token_count must be a number alone, such as 1.3e9 or 1.3B: the field's name holds its unit, got \"300 B tokens\""}},
      {"a small letter", "parameter_count: 1.3m\ntoken_count: 2e10\n", {"p.yaml:1:18: parameter_count must be a number with a capital letter: write 1.3M, got \"1.3m\""}},
      {"decimal commas", "parameter_count: 1,3\ntoken_count: 2e10\n",
       {"p.yaml:1:18: parameter_count must be a number without commas, such as 1_300_000, got \"1,3\""}},
      {"not a number", "parameter_count: .nan\ntoken_count: .inf\n",
       {"p.yaml:1:18: parameter_count must be finite, got \".nan\"", "p.yaml:2:14: token_count must be finite, got \".inf\""}},
      {"below nothing", "parameter_count: -1e9\ntoken_count: 0\n",
       {"p.yaml:1:18: parameter_count must be from 1 to 1e+18, got -1e9", "p.yaml:2:14: token_count must be from 1 to 1e+20, got 0"}},
      {"past a double", "parameter_count: 1e999\ntoken_count: 2e10\n", {"p.yaml:1:18: parameter_count must be finite, got \"1e999\""}},
      {"octal", "parameter_count: 0755\ntoken_count: 2e10\n", {"p.yaml:1:18: parameter_count must be a decimal number without leading zeros, got \"0755\""}},
      {"a percentage", std::string(kGood) + "hardware: {utilisation: 40%}\n",
       {"p.yaml:3:25: hardware.utilisation must be a number, not a percentage: write .4 for 40 %, got \"40%\""}},
      {"half a step", "parameter_count: 1e9\nstep_count: 10.5\nbatch_token_count: 1e6\n", {"p.yaml:2:13: step_count must be a whole number, got 10.5"}},
      {"a list for a value", "parameter_count: [1e9, 2e9]\ntoken_count: 2e10\n", {"p.yaml:1:1: a run needs parameter_count or an architecture", "p.yaml:1:18: parameter_count must be one value, got several"}},
      {"a word that is none", std::string(kGood) + "schedule: cosin\n",
       {"p.yaml:3:11: schedule.form must be constant or linear or cosine or inverse_square_root or warm_up_stable_decay, got \"cosin\"; did you mean cosine?"}},
      {"a day that is none", std::string(kGood) + "deadline_date: 2027-02-30\n",
       {"p.yaml:3:16: deadline_date must be a date that the calendar has, such as 2027-01-31, got \"2027-02-30\""}},
      {"a later version", "schema_version: 2\n" + std::string(kGood), {"p.yaml:1:17: schema_version must be 1, got 2"}},
  };
}

std::vector<Malformed> ContradictionRows() {
  return {
      {"tokens against steps", "parameter_count: 1e9\ntoken_count: 2e10\nstep_count: 1000\nbatch_token_count: 1e6\n",
       {"p.yaml:2:1: token_count must equal step_count times the batch's tokens = 1e+09 to 1 %, got 2e+10"}},
      {"size against architecture", "parameter_count: 13B\ntoken_count: 2e10\narchitecture: {layer_count: 12, model_width: 768, vocabulary_size: 50257, tied_embeddings: true}\n",
       {"p.yaml:1:1: parameter_count must be the architecture's 123551232 to 5 %, got 13000000000"}},
      {"epochs of what", "parameter_count: 1e9\nepoch_count: 4\n",
       {"p.yaml:1:1: a run needs token_count, or step_count with a batch, or epoch_count with unique_token_count", "p.yaml:2:1: epoch_count needs unique_token_count beside it"}},
      {"heads that do not divide", "token_count: 2e10\narchitecture: {layer_count: 12, model_width: 768, head_count: 7, vocabulary_size: 50257}\n",
       {"p.yaml:2:51: architecture: head_count must divide model_width where head_width is not given, got 7"}},
      {"an end before the start", std::string(kGood) + "start_date: 2027-02-01\ndeadline_date: 2027-01-31\n", {"p.yaml:4:1: deadline_date must not come before start_date"}},
      {"runs and a sweep", "runs: [{parameter_count: 1e9, token_count: 2e10}]\nsweep: {token_count: [1e9]}\n", {"p.yaml:2:8: a plan must have `runs` or `sweep`, got both"}},
      {"no run", "runs: []\n", {"p.yaml:1:7: `runs` must be a list of at least one run"}},
      {"one name for two", "runs:\n- {name: a, parameter_count: 1e9, token_count: 2e10}\n- {name: a, parameter_count: 2e9, token_count: 2e10}\n",
       {"p.yaml:3:4: name must be of one run only, got \"a\" again"}},
      {"a waiver without a reason", std::string(kGood) + "waive:\n- {code: OFF_OPTIMUM, until: 2027-01-31}\n", {"p.yaml:4:3: a waiver needs reason"}},
      {"a waiver of no finding", std::string(kGood) + "waive:\n- {code: OFF_OPTIMUN, reason: ablation, until: 2027-01-31}\n",
       {"p.yaml:4:10: code must be one of a finding, got \"OFF_OPTIMUN\"; did you mean OFF_OPTIMUM?"}},
      {"a sweep without end", "sweep:\n  parameter_count: [" + [] {
         std::string values;
         for (int i = 0; i < 101; ++i) values += "1e9,";
         return values + "]\n  token_count: [" + values;
       }() + "]\n", {"p.yaml:3:3: a plan must have at most 10000 runs, got 10201"}},
  };
}

TEST(MalformedPlanTest, EveryProblemIsListedWithItsPlaceAndNothingIsRead) {
  std::vector<Malformed> rows = SyntaxRows();
  for (const auto& more : {ValueRows(), ContradictionRows()}) rows.insert(rows.end(), more.begin(), more.end());
  EXPECT_GE(rows.size(), 30u);
  for (const Malformed& row : rows) {
    const PlanReading reading = ReadPlan(row.text, "p.yaml");
    std::vector<std::string> problems;
    for (const PlanProblem& problem : reading.problems) problems.push_back(ProblemText(problem));
    EXPECT_THAT(problems, ElementsAreArray(row.problems)) << row.name;
    EXPECT_THAT(reading.problems, Not(IsEmpty())) << row.name;
    EXPECT_THAT(reading.runs, IsEmpty()) << row.name;
  }
}

}  // namespace
}  // namespace isoflop
