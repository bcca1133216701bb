#include "plugin/cli/stop_signal.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

namespace isoflop {
namespace {

// Whether `pipe` has ended. What the parent writes has no meaning.
bool HasEnded(int pipe) {
  char ignored[256];
  const ssize_t count = read(pipe, ignored, sizeof ignored);
  return count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR);
}

}  // namespace

StopSignal::StopSignal() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  signals_ = signalfd(-1, &set, SFD_CLOEXEC);
  interruptions_ = eventfd(0, EFD_CLOEXEC);
}

StopSignal::~StopSignal() {
  close(signals_);
  close(interruptions_);
}

void StopSignal::Interrupt() { eventfd_write(interruptions_, 1); }

std::string StopSignal::Wait(std::optional<int> parent_pipe) {
  pollfd watched[] = {{.fd = signals_, .events = POLLIN, .revents = 0},
                      {.fd = parent_pipe.value_or(-1), .events = POLLIN, .revents = 0},
                      {.fd = interruptions_, .events = POLLIN, .revents = 0}};
  while (true) {
    if (poll(watched, 3, -1) < 0) continue;
    if (watched[0].revents != 0) {
      signalfd_siginfo info;
      if (read(signals_, &info, sizeof info) != sizeof info) continue;
      return info.ssi_signo == SIGTERM ? "SIGTERM" : "SIGINT";
    }
    if (watched[2].revents != 0) {
      eventfd_t ignored;
      eventfd_read(interruptions_, &ignored);
      return kInterruption;
    }
    if (watched[1].revents != 0 && HasEnded(*parent_pipe)) return "end of the parent";
  }
}

}  // namespace isoflop
