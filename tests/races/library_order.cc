// The order that gRPC keeps between threads, told to the thread sanitizer. Debian's libraries are not built for it: it
// sees neither the locks that they take nor what they hand from one thread to another, and would call that a race in
// gRPC's headers and in what their callbacks use.
//
// Each function here is called in place of the library's of the same name, by the libraries too, and calls that one. It
// tells no more order than there is; no report is suppressed.

#include <dlfcn.h>
#include <grpc/grpc.h>
#include <grpcpp/support/server_callback.h>
#include <sanitizer/tsan_interface.h>

#include "absl/synchronization/mutex.h"

namespace {

template <typename Function>
Function* Original(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

// Greater than 0 while the library does what is told as a whole. Its locks are not told then: whoever passes through
// them would seem to be in order with all others, and few races between calls would be seen.
thread_local int untold = 0;

struct Untold {
  Untold() { ++untold; }
  ~Untold() { --untold; }
};

void Acquire(void* lock) {
  if (untold == 0) __tsan_acquire(lock);
}
void Release(void* lock) {
  if (untold == 0) __tsan_release(lock);
}

char ended_calls;  // Of all servers: only its address is used.

}  // namespace

// What was done under a lock comes before what is done under it later.

void absl::Mutex::Lock() {
  static const auto original = Original<void(Mutex*)>("_ZN4absl7debian35Mutex4LockEv");
  original(this);
  Acquire(this);
}

void absl::Mutex::Unlock() {
  static const auto original = Original<void(Mutex*)>("_ZN4absl7debian35Mutex6UnlockEv");
  Release(this);
  original(this);
}

void absl::CondVar::Wait(Mutex* mutex) {
  static const auto original = Original<void(CondVar*, Mutex*)>("_ZN4absl7debian37CondVar4WaitEPNS0_5MutexE");
  Release(mutex);
  original(this, mutex);
  Acquire(mutex);
}

// What is done for a call counts down to its end: all of it comes before the end.

void grpc::internal::ServerCallbackCall::ScheduleOnDone(bool is_inline) {
  static const auto original =
      Original<void(ServerCallbackCall*, bool)>("_ZN4grpc8internal18ServerCallbackCall14ScheduleOnDoneEb");
  callbacks_outstanding_.load(std::memory_order_acquire);
  original(this, is_inline);
}

extern "C" {

// What memcpy and its like do is not looked at, as the libraries call them too. Tests without gRPC look at it.
const char* __tsan_default_options() { return "ignore_noninstrumented_modules=1"; }

// What was done before the operations of a call were started comes before their completion.

grpc_call_error grpc_call_start_batch(grpc_call* call, const grpc_op* ops, size_t op_count, void* tag, void* reserved) {
  static const auto original = Original<decltype(grpc_call_start_batch)>("grpc_call_start_batch");
  __tsan_release(tag);
  const Untold guard;
  return original(call, ops, op_count, tag, reserved);
}

grpc_event grpc_completion_queue_next(grpc_completion_queue* queue, gpr_timespec deadline, void* reserved) {
  static const auto original = Original<decltype(grpc_completion_queue_next)>("grpc_completion_queue_next");
  const grpc_event event = [&] {
    const Untold guard;
    return original(queue, deadline, reserved);
  }();
  if (event.type == GRPC_OP_COMPLETE) __tsan_acquire(event.tag);
  return event;
}

// The ends of all calls come before the end of their server.

void grpc_call_unref(grpc_call* call) {
  static const auto original = Original<decltype(grpc_call_unref)>("grpc_call_unref");
  __tsan_release(&ended_calls);
  original(call);
}

void grpc_server_destroy(grpc_server* server) {
  static const auto original = Original<decltype(grpc_server_destroy)>("grpc_server_destroy");
  original(server);
  __tsan_acquire(&ended_calls);
}

}  // extern "C"
