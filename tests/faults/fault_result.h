#ifndef ISOFLOP_TESTS_FAULTS_FAULT_RESULT_H_
#define ISOFLOP_TESTS_FAULTS_FAULT_RESULT_H_

#include <string>

namespace isoflop {

// One line of the table.
struct FaultResult {
  std::string fault;
  std::string figures;
  bool passed = false;
};

// How much is done: all, or the part that fits in the test suite.
struct FaultPlan {
  int kill_count = 1000;
  int recovery_kill_count = 100;  // Among them.
  int damage_count = 40;
  int drain_count = 10;
  int idle_stream_count = 1000;
  unsigned seed = 1;
};

// kill -9 at random moments of ingest, refit and recovery.
FaultResult KillAtRandom(const FaultPlan& plan);

// The disk is full, then has room again.
FaultResult FillTheDisk();

// Torn pages and flipped bits in the store of a server that was killed.
FaultResult DamagePages(const FaultPlan& plan);

// SIGTERM while points pour in, one client never reads and others are idle.
FaultResult DrainUnderLoad(const FaultPlan& plan);

// A client that sends and never reads.
FaultResult NeverRead();

// Many streams on which nothing happens, each a connection of its own.
FaultResult StayIdle(const FaultPlan& plan);

}  // namespace isoflop

#endif  // ISOFLOP_TESTS_FAULTS_FAULT_RESULT_H_
