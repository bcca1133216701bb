#include "plugin/cli/csv_runs.h"

#include <gtest/gtest.h>

#include "tests/testing/status_matchers.h"

namespace isoflop {
namespace {

using absl::StatusCode;

TEST(ReadCsvRunsTest, ReadsTheSameRunsWhateverTheLineEndsQuotesAndMark) {
  for (const char* text : {"N,D,loss\n1e9,2e10,2.5\n3e9,4e10,2.25\n", "N,D,loss\r\n1e9,2e10,2.5\r\n3e9,4e10,2.25\r\n",
                           "\xEF\xBB\xBFN,D,loss\n1e9,2e10,2.5\n\n3e9,4e10,2.25", "\"N\",\"D\",\"loss\"\n\"1e9\", 2e10 ,2.5\n3e9,4e10,\"2.25\"\n"}) {
    const auto runs = ReadCsvRuns(text, "runs.csv", {});
    ASSERT_THAT(runs, IsOk()) << text;
    ASSERT_EQ(runs->observations.size(), 2u) << text;
    EXPECT_EQ(runs->observations[0].parameter_count, 1e9);
    EXPECT_EQ(runs->observations[1].token_count, 4e10);
    EXPECT_EQ(runs->observations[1].loss_nats_per_token, 2.25);
    EXPECT_TRUE(runs->bad_cells.empty());
  }
}

TEST(ReadCsvRunsTest, ListsEveryBadCellWithItsLineAndColumn) {
  const auto runs = ReadCsvRuns(
      "N,D,loss,note\n"
      "1e9,2e10,nan,\"two\nlines\"\n"
      "\n"
      "-1,0,inf,x\n"
      "1e9,2e10\n"
      "7B,2e10,,x\n"
      "1e9,2e10,1.797e308,x\n"
      "1e9,2e10,2.5,x\n",
      "runs.csv", {});
  ASSERT_THAT(runs, IsOk());
  EXPECT_EQ(runs->observations.size(), 1u);
  EXPECT_EQ(runs->observations[0].line, 9);
  const struct {
    int64_t line;
    const char *column, *rule;
  } kExpected[] = {{2, "loss", "is not a number"},         {5, "N", "must be positive, got -1"},
                   {5, "D", "must be positive, got 0"},    {5, "loss", "is infinite"},
                   {6, "", "must have 4 fields as the header has, got 2"}, {7, "N", "is not a number: \"7B\"; write it out, such as 7e9"},
                   {7, "loss", "is missing"},              {8, "loss", "is infinite"}};
  ASSERT_EQ(runs->bad_cells.size(), std::size(kExpected));
  for (size_t i = 0; i < std::size(kExpected); ++i) {
    EXPECT_EQ(runs->bad_cells[i].line, kExpected[i].line);
    EXPECT_EQ(runs->bad_cells[i].column, kExpected[i].column);
    EXPECT_EQ(runs->bad_cells[i].rule, kExpected[i].rule);
  }
}

TEST(ReadCsvRunsTest, DerivesTokensFromCompute) {
  const auto runs = ReadCsvRuns("params,flops,loss\n1e9,6e19,2.5\n", "runs.csv", {});
  ASSERT_THAT(runs, IsOk());
  EXPECT_NEAR(*runs->observations[0].token_count, 1e10, 1);
}

TEST(ReadCsvRunsTest, AMappedColumnWinsOverARecognisedOne) {
  const auto runs = ReadCsvRuns("N,D,loss,loss_other\n1e9,2e10,2.5,3.5\n", "runs.csv", {.mapping = {{Quantity::kLoss, "loss_other"}}});
  ASSERT_THAT(runs, IsOk());
  EXPECT_EQ(runs->observations[0].loss_nats_per_token, 3.5);
}

TEST(ReadCsvRunsTest, ReadsTheNamesAndUnitsThatTablesUse) {
  const struct {
    const char *header, *row;
  } kCases[] = {{"params (B),tokens (B),val loss", "1.5,30,2.5"},
                {"Params [M],Training Tokens (billions),final_test_loss", "1500,30,2.5"},
                {"Model size,Tokens_B,loss_c4_val", "1.5e9,30,2.5"},
                {"N (params),D [tokens],L", "1500000000,3e10,2.5"},
                {"params_m,tokens_in_billions,test loss", "1500,30,2.5"},
                {"Compute (PF-days),N,eval/paloma/macro_loss", "3.125,1.5e9,2.5"},
                {"FLOPs (1e18),tokens (T),Loss (nats/token)", "270,0.03,2.5"},
                {"PF-days,params,loss", "3.125,1.5e9,2.5"},
                {"compute (EFLOPs),N,loss", "270,1.5e9,2.5"},
                {"N,D,loss", "\"1,500,000,000\",\"30,000,000,000\",2.5"}};
  for (const auto& c : kCases) {
    const auto runs = ReadCsvRuns(std::string(c.header) + "\n" + c.row + "\n", "runs.csv", {});
    ASSERT_THAT(runs, IsOk()) << c.header;
    ASSERT_EQ(runs->observations.size(), 1u) << c.header << ": " << runs->bad_cells[0].rule;
    EXPECT_NEAR(*runs->observations[0].parameter_count / 1.5e9, 1, 1e-12) << c.header;
    EXPECT_NEAR(*runs->observations[0].token_count / 3e10, 1, 1e-12) << c.header;
    EXPECT_EQ(runs->observations[0].loss_nats_per_token, 2.5) << c.header;
  }
}

TEST(ReadCsvRunsTest, SaysWhatItReadWhereMoreThanExactNamesDecided) {
  EXPECT_FALSE(ReadCsvRuns("N,D,loss,other\n1e9,2e10,2.5,x\n", "runs.csv", {})->columns_read.has_value());
  const auto runs = ReadCsvRuns("params (B),params_m,tokens,train_loss,val_loss\n1,1000,2e10,2.4,2.5\n", "runs.csv", {});
  ASSERT_TRUE(runs->columns_read.has_value());
  EXPECT_EQ(runs->columns_read->message,
            "As read: parameter_count is \"params (B)\" times 1e+09, not \"params_m\"; loss_nats_per_token is \"val_loss\", not \"train_loss\".");
  // A unit counts in a mapped column too.
  const auto mapped = ReadCsvRuns("size (M),tokens,loss\n1000,2e10,2.5\n", "runs.csv", {.mapping = {{Quantity::kParameterCount, "size (M)"}}});
  EXPECT_EQ(mapped->observations[0].parameter_count, 1e9);
  EXPECT_TRUE(mapped->columns_read.has_value());
}

TEST(ReadCsvRunsTest, ReadsTheConventionFromTheHeader) {
  EXPECT_EQ(ReadCsvRuns("N (non-embedding),D,loss\n1e9,2e10,2.5\n", "runs.csv", {})->convention, ParameterConvention::kNonEmbedding);
  EXPECT_EQ(ReadCsvRuns("Params [B active],D,loss\n1,2e10,2.5\n", "runs.csv", {})->convention, ParameterConvention::kActive);
  EXPECT_EQ(ReadCsvRuns("Params [B],D,loss\n1,2e10,2.5\n", "runs.csv", {})->convention, ParameterConvention::kTotal);
}

TEST(ReadCsvRunsTest, TextUnderTheNameOfAQuantityThatIsNotNeededIsALabel) {
  const auto runs = ReadCsvRuns("N,D,loss,lr,S,B\n1e9,2e10,2.5,cosine,-1,5e5\n", "runs.csv", {});
  ASSERT_EQ(runs->observations.size(), 1u);
  EXPECT_EQ(runs->observations[0].labels.at("lr"), "cosine");
  EXPECT_EQ(runs->observations[0].batch_token_count, 5e5);
  const auto needed = ReadCsvRuns("N,D,loss,lr\n1e9,2e10,2.5,cosine\n", "runs.csv", {.needed = {Quantity::kLearningRate}});
  ASSERT_EQ(needed->bad_cells.size(), 1u);
}

TEST(ReadCsvRunsTest, SaysHowToWriteWhatItCannotRead) {
  const auto rule = [](const char* row) {
    const auto runs = ReadCsvRuns(std::string("N,D,loss\n") + row + "\n", "runs.csv", {});
    return runs->bad_cells.empty() ? "" : runs->bad_cells[0].rule;
  };
  EXPECT_EQ(rule("1e9,2e10,\"3,734\""), "is not a number: \"3,734\"; write a decimal point and no separators") << "3.734, or 3734";
  EXPECT_EQ(rule("\"12,34\",2e10,3"), "is not a number: \"12,34\"; write a decimal point and no separators");
  EXPECT_EQ(rule("1e9,300B,3"), "is not a number: \"300B\"; write it out, such as 7e9");
  const auto why = [](const char* text) { return ReadCsvRuns(text, "runs.csv", {}).status(); };
  EXPECT_THAT(why("N;D;loss\n"), StatusIs(StatusCode::kInvalidArgument, "separated by commas; the header seems to use \";\""));
  EXPECT_THAT(why("\xFF\xFEN"), StatusIs(StatusCode::kInvalidArgument, "runs.csv:1: the table must be text in UTF-8, got the byte 0xFF"));
  EXPECT_THAT(why("N,D,loss,name\n1,2,3,caf\xE9\n"), StatusIs(StatusCode::kInvalidArgument, "runs.csv:2: the table must be text in UTF-8"));
  EXPECT_THAT(why("N,D,loss,name\n1,2,3,\xED\xA0\x80\n"), StatusIs(StatusCode::kInvalidArgument, "UTF-8")) << "a surrogate";
  EXPECT_THAT(why("N,D,loss,name\n1,2,3,caf\xC3\xA9 \xF0\x9F\x98\x80 \xE2\x82\xAC\n"), IsOk());
  EXPECT_THAT(why("N,D,loss_c4,loss_pile\n"), StatusIs(StatusCode::kInvalidArgument, "Several columns may be the loss: loss_c4, loss_pile"));
  EXPECT_THAT(why("N,D,val_bpb\n"), StatusIs(StatusCode::kInvalidArgument, "Not in nats a token: val_bpb"));
  EXPECT_THAT(why("size,loss\n"), StatusIs(StatusCode::kInvalidArgument, "--map parameter_count=COLUMN,token_count=COLUMN. Of N, D and C two are enough"));
}

TEST(ReadCsvRunsTest, RefusesATableThatCannotBeRead) {
  EXPECT_THAT(ReadCsvRuns("", "runs.csv", {}), StatusIs(StatusCode::kInvalidArgument, "runs.csv:1: there must be a header line"));
  EXPECT_THAT(ReadCsvRuns("N,D,N\n", "runs.csv", {}), StatusIs(StatusCode::kInvalidArgument, "got \"N\" twice"));
  EXPECT_THAT(ReadCsvRuns("N,D\n1,2\n", "runs.csv", {}), StatusIs(StatusCode::kInvalidArgument, "no column is recognised as loss_nats_per_token"));
  EXPECT_THAT(ReadCsvRuns("N,D,loss\n", "runs.csv", {.mapping = {{Quantity::kLoss, "gone"}}}), StatusIs(StatusCode::kInvalidArgument, "\"gone\", which is not there"));
  EXPECT_THAT(ReadCsvRuns("N,D,loss\n1e9,2e10,2.5\n1e9,2\"e10,2.5\n", "runs.csv", {}), StatusIs(StatusCode::kInvalidArgument, "runs.csv:3:"));
}

}  // namespace
}  // namespace isoflop
