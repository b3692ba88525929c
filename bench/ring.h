// Processes that work round by round, and the ring of bare libzmq PAIR sockets that they are
// measured against.
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <functional>
#include <string>
#include <zmq.hpp>

#include "common/base/ids.h"
#include "tests/support/temporary_folder.h"

namespace tacit::bench {

inline constexpr Round kWarmUpRounds = 100;

inline double now_s() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// When a process left its warm-up and when it was through.
struct Span {
  double start;
  double end;
};

/// What the reference does: to both neighbours a double, from both neighbours a double.
inline Span run_reference(std::size_t self, std::size_t count, Round rounds,
                          const std::string& folder) {
  zmq::context_t context;
  zmq::socket_t right(context, zmq::socket_type::pair);
  zmq::socket_t left(context, zmq::socket_type::pair);
  right.bind("ipc://" + folder + "/" + std::to_string(self));
  left.connect("ipc://" + folder + "/" + std::to_string((self + count - 1) % count));
  double value = static_cast<double>(self);
  Span span{};
  for (Round round = 0; round <= rounds; ++round) {
    if (round == kWarmUpRounds) span.start = now_s();
    if (round == rounds) break;
    double received[2];
    left.send(zmq::buffer(&value, sizeof value), zmq::send_flags::none);
    right.send(zmq::buffer(&value, sizeof value), zmq::send_flags::none);
    (void)left.recv(zmq::buffer(&received[0], sizeof(double)));
    (void)right.recv(zmq::buffer(&received[1], sizeof(double)));
    value = (value + received[0] + received[1]) / 3;
  }
  span.end = now_s();
  return span;
}

/// What one process does: self, how many there are, rounds, folder for its sockets.
using Body = std::function<Span(std::size_t, std::size_t, Round, const std::string&)>;

/// @return agent-rounds per second of one ring of processes
inline double measure(const Body& body, std::size_t count, Round rounds) {
  const tacit::testing::TemporaryFolder folder;
  int ends[2];
  if (pipe(ends) != 0) std::abort();
  for (std::size_t self = 0; self < count; ++self) {
    if (fork() == 0) {
      const Span span = body(self, count, rounds, folder.path());
      const auto written = write(ends[1], &span, sizeof span);
      _exit(written == sizeof span ? 0 : 1);
    }
  }
  close(ends[1]);
  double start = 1e300;
  double end = 0;
  std::size_t heard = 0;
  for (Span span; read(ends[0], &span, sizeof span) == sizeof span; ++heard) {
    start = std::min(start, span.start);
    end = std::max(end, span.end);
  }
  close(ends[0]);
  while (wait(nullptr) > 0) {
  }
  if (heard != count) {
    std::fprintf(stderr, "only %zu of %zu processes finished\n", heard, count);
    std::exit(1);
  }
  return static_cast<double>(count) * static_cast<double>(rounds - kWarmUpRounds) / (end - start);
}

}  // namespace tacit::bench
