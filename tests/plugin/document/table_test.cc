#include "plugin/document/table.h"

#include <gtest/gtest.h>

namespace isoflop {
namespace {

using nlohmann::ordered_json;

TEST(TableTest, TurnsRowsIntoColumns) {
  const ordered_json rows = ordered_json::parse(R"([{"a": 1, "b": {"c": 2, "d": null}, "e": null}, {"a": 3, "b": null, "e": null}, {"a": 4, "b": {"c": 5, "d": 6},
      "e": null}])");
  EXPECT_EQ(TableOf(rows).dump(), R"({"a":[1,3,4],"b":{"c":[2,null,5],"d":[null,null,6]},"e":null})");
}

TEST(TableTest, HasNoColumnsWithoutRows) { EXPECT_EQ(TableOf(ordered_json::array()).dump(), "{}"); }

}  // namespace
}  // namespace isoflop
