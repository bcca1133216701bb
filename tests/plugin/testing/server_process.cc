#include "tests/plugin/testing/server_process.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace isoflop {

ServerProcess::ServerProcess(const std::vector<std::string>& flags, const std::function<void(pid_t)>& on_start) {
  int output[2];
  int parent_pipe[2];
  if (pipe2(output, O_CLOEXEC) != 0 || pipe2(parent_pipe, O_CLOEXEC) != 0) return;
  const std::string parent_flag = absl::StrCat("--parent-pipe=", parent_pipe[0]);
  std::vector<const char*> arguments = {ISOFLOP_BINARY, "serve", parent_flag.c_str()};
  for (const std::string& flag : flags) arguments.push_back(flag.c_str());
  arguments.push_back(nullptr);
  pid_ = fork();
  if (pid_ == 0) {
    dup2(output[1], STDOUT_FILENO);
    fcntl(parent_pipe[0], F_SETFD, 0);
    execv(ISOFLOP_BINARY, const_cast<char* const*>(arguments.data()));
    _exit(127);
  }
  if (on_start) on_start(pid_);
  close(output[1]);
  close(parent_pipe[0]);
  output_ = output[0];
  parent_pipe_ = parent_pipe[1];
  std::string line;
  char byte;
  while (read(output_, &byte, 1) == 1 && byte != '\n') line.push_back(byte);
  absl::string_view address = line;
  if (absl::ConsumePrefix(&address, "listening on ")) address_ = std::string(address);
}

ServerProcess::~ServerProcess() {
  if (pid_ > 0) End(SIGKILL);
  CloseParentPipe();
  close(output_);
}

int64_t ServerProcess::ResidentBytes() const {
  int64_t all_pages = 0, resident_pages = 0;
  std::ifstream(absl::StrCat("/proc/", pid_, "/statm")) >> all_pages >> resident_pages;
  return resident_pages * sysconf(_SC_PAGESIZE);
}

int ServerProcess::End(int signal) {
  if (signal != 0) kill(pid_, signal);
  int status = 0;
  waitpid(pid_, &status, 0);
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

void ServerProcess::CloseParentPipe() {
  if (parent_pipe_ >= 0) close(parent_pipe_);
  parent_pipe_ = -1;
}

}  // namespace isoflop
