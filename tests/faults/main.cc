// Breaks a real server in every way that a table can count: `break_server [--short] [--seed N] [--only FAULT]`. Exits with 1 when something
// acknowledged was lost, a final law differs from that of clean delivery, or a limit was passed.

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "tests/faults/fault_result.h"

int main(int argc, char** argv) {
  isoflop::FaultPlan plan;
  std::string only;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--short") == 0) {
      plan = {.kill_count = 50, .recovery_kill_count = 5, .damage_count = 4, .drain_count = 1, .idle_stream_count = 200, .seed = plan.seed};
    } else if (std::strcmp(argv[i], "--seed") == 0 && i + 1 < argc) {
      plan.seed = static_cast<unsigned>(std::atoi(argv[++i]));
    } else if (std::strcmp(argv[i], "--only") == 0 && i + 1 < argc) {
      only = argv[++i];
    } else {
      std::fprintf(stderr, "break_server [--short] [--seed N] [--only kill|disk|damage|drain|deaf|idle]\n");
      return 2;
    }
  }
  const std::vector<std::pair<std::string, std::function<isoflop::FaultResult()>>> faults = {
      {"kill", [&] { return isoflop::KillAtRandom(plan); }},   {"disk", [&] { return isoflop::FillTheDisk(); }},
      {"damage", [&] { return isoflop::DamagePages(plan); }},  {"drain", [&] { return isoflop::DrainUnderLoad(plan); }},
      {"deaf", [&] { return isoflop::NeverRead(); }},          {"idle", [&] { return isoflop::StayIdle(plan); }},
  };
  bool passed = true;
  for (const auto& [name, fault] : faults) {
    if (!only.empty() && name != only) continue;
    const isoflop::FaultResult result = fault();
    std::printf("| %-25s | %-6s | %s |\n", result.fault.c_str(), result.passed ? "passed" : "FAILED", result.figures.c_str());
    std::fflush(stdout);
    passed &= result.passed;
  }
  return passed ? 0 : 1;
}
