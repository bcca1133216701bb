// `isoflop serve` as a process: how it starts, what it refuses and how it ends.

#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include "isoflop/v1/server.grpc.pb.h"
#include "plugin/store/sqlite_database.h"
#include "tests/plugin/testing/events.h"
#include "tests/plugin/testing/run_event_client.h"
#include "tests/plugin/testing/server_process.h"
#include "tests/plugin/testing/temporary_folder.h"

namespace isoflop {
namespace {

using ::testing::StartsWith;

class ServeProcessTest : public ::testing::Test {
 protected:
  std::string Store() const { return "--store=sqlite:" + folder_.File("isoflop.db"); }
  std::string Listen() const { return "--listen=unix:" + folder_.File("socket"); }
  std::string Config(const std::string& text) const {
    std::ofstream(folder_.File("isoflop.yaml")) << text;
    return "--config=" + folder_.File("isoflop.yaml");
  }

  static bool Answers(const std::string& address) {
    v1::ServerInfo info;
    grpc::ClientContext context;
    return v1::ServerService::NewStub(grpc::CreateChannel(address, grpc::InsecureChannelCredentials()))
        ->GetServerInfo(&context, v1::GetServerInfoRequest(), &info)
        .ok();
  }

  TemporaryFolder folder_;
};

TEST_F(ServeProcessTest, ListensOnAPrivateSocketAndRemovesItAtTheEnd) {
  ServerProcess server({Store(), Listen()});
  EXPECT_EQ(server.address(), "unix:" + folder_.File("socket"));
  EXPECT_TRUE(Answers(server.address()));
  struct stat state;
  ASSERT_EQ(stat(folder_.File("socket").c_str(), &state), 0);
  EXPECT_EQ(state.st_mode & 0777, 0600u);
  ASSERT_EQ(stat(folder_.File("isoflop.db").c_str(), &state), 0);
  EXPECT_EQ(state.st_mode & 0777, 0600u);
  EXPECT_EQ(server.End(SIGTERM), 0);
  EXPECT_FALSE(std::filesystem::exists(folder_.File("socket")));
}

TEST_F(ServeProcessTest, PrintsTheFreePortThatItTook) {
  ServerProcess server({Store(), "--listen=127.0.0.1:0"});
  EXPECT_THAT(server.address(), StartsWith("127.0.0.1:"));
  EXPECT_NE(server.address(), "127.0.0.1:0");
  EXPECT_TRUE(Answers(server.address()));
  EXPECT_EQ(server.End(SIGINT), 0);
}

TEST_F(ServeProcessTest, EndsWhenTheParentsPipeCloses) {
  ServerProcess server({Store(), Listen()});
  ASSERT_TRUE(Answers(server.address()));
  server.CloseParentPipe();
  EXPECT_EQ(server.End(0), 0);
}

TEST_F(ServeProcessTest, ASecondServerOnTheSameStoreIsRefused) {
  ServerProcess first({Store(), Listen()});
  ServerProcess second({Store(), "--listen=127.0.0.1:0"});
  EXPECT_EQ(second.address(), "");
  EXPECT_EQ(second.End(0), 2);
  EXPECT_TRUE(Answers(first.address()));
}

TEST_F(ServeProcessTest, ASocketLeftBehindByAKillIsReplaced) {
  {
    ServerProcess killed({Store(), Listen()});
    killed.End(SIGKILL);
  }
  ASSERT_TRUE(std::filesystem::exists(folder_.File("socket")));
  ServerProcess server({Store(), Listen()});
  EXPECT_TRUE(Answers(server.address()));
}

TEST_F(ServeProcessTest, ASocketOnWhichSomeoneAnswersIsLeftAlone) {
  ServerProcess first({Store(), Listen()});
  ServerProcess second({"--store=sqlite:" + folder_.File("other.db"), Listen()});
  EXPECT_EQ(second.End(0), 2);
  EXPECT_TRUE(Answers(first.address()));
}

TEST_F(ServeProcessTest, RefusesAddressesThatOthersCouldReach) {
  for (const std::string listen : {"0.0.0.0:9911", "example.org:1", "unix:relative", "127.0.0.1", "127.0.0.1:70000"}) {
    ServerProcess server({Store(), "--listen=" + listen});
    EXPECT_EQ(server.address(), "") << listen;
    EXPECT_EQ(server.End(0), 2) << listen;
  }
}

TEST_F(ServeProcessTest, ReadsItsFileUnlessAFlagSaysOtherwise) {
  const std::string config = Config("store: sqlite:" + folder_.File("from-file.db") + "\nlisten: example.org:1\n");
  ServerProcess server({config, Listen()});
  EXPECT_TRUE(Answers(server.address()));
  EXPECT_TRUE(std::filesystem::exists(folder_.File("from-file.db")));
}

TEST_F(ServeProcessTest, RefusesLawsThreadsAndMetricsAddressesThatCannotBe) {
  for (const std::string flag :
       {"--laws=chinchilla,nope", "--laws=chinchilla,chinchilla", "--laws=", "--threads=-1", "--threads=many",
        "--metrics-listen=0.0.0.0:9912", "--metrics-listen=unix:/tmp/socket"}) {
    ServerProcess server({Store(), Listen(), flag});
    EXPECT_EQ(server.address(), "") << flag;
    EXPECT_EQ(server.End(0), 2) << flag;
  }
  ServerProcess server({Config("laws: kaplan_nd, chinchilla\nthreads: 1\nmetrics_listen: 127.0.0.1:0\n"), Store(), Listen()});
  EXPECT_TRUE(Answers(server.address()));
}

TEST_F(ServeProcessTest, RefusesAFileWithAnUnknownKey) {
  ServerProcess server({Config("store: sqlite:x\nlissten: 127.0.0.1:0\n"), Listen()});
  EXPECT_EQ(server.End(0), 2);
}

TEST_F(ServeProcessTest, AnotherProgramMayReadTheStoreMeanwhile) {
  // Such as a backup. When the server's locks on the file were not there, its end would take the write-ahead log away.
  {
    ServerProcess server({Store(), Listen()});
    RunEventClient client(grpc::CreateChannel(server.address(), grpc::InsecureChannelCredentials()));
    ASSERT_TRUE(client.Store({StartedEvent("run")}));
    {
      const std::unique_ptr<SqliteDatabase> reader = SqliteDatabase::Open(folder_.File("isoflop.db")).value();
      ASSERT_TRUE(reader->Execute("SELECT count(*) FROM run").ok());
    }
    ASSERT_TRUE(client.Store({PointEvent("run", 1, 3)}));
    server.End(SIGKILL);
  }
  const std::unique_ptr<SqliteDatabase> reader = SqliteDatabase::Open(folder_.File("isoflop.db")).value();
  int64_t count = 0;
  ASSERT_TRUE(reader->Query("SELECT sum(point_count) FROM series", [&](SqliteStatement& row) { count = row.Integer(0); }).ok());
  EXPECT_EQ(count, 1);
}

TEST_F(ServeProcessTest, DrainsUnderLoadWithinTenSecondsAndKeepsWhatItAcknowledged) {
  int64_t acknowledged = 0;
  {
    ServerProcess server({Store(), Listen()});
    RunEventClient client(grpc::CreateChannel(server.address(), grpc::InsecureChannelCredentials()));
    ASSERT_TRUE(client.Store({StartedEvent("run")}));
    std::thread reader([&] {
      while (client.ReadAcknowledgement()) {
      }
    });
    std::thread sender([&] {
      for (int64_t step = 0; client.Send({PointEvent("run", step, step)}); ++step) {
      }
    });
    const auto start = std::chrono::steady_clock::now();
    EXPECT_EQ(server.End(SIGTERM), 0);
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
    sender.join();
    reader.join();
    acknowledged = client.acknowledged();
  }
  ServerProcess server({Store(), Listen()});
  v1::ServerInfo info;
  grpc::ClientContext context;
  ASSERT_TRUE(v1::ServerService::NewStub(grpc::CreateChannel(server.address(), grpc::InsecureChannelCredentials()))
                  ->GetServerInfo(&context, v1::GetServerInfoRequest(), &info)
                  .ok());
  EXPECT_GE(info.acknowledged_event_count(), acknowledged);
}

}  // namespace
}  // namespace isoflop
