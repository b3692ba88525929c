#include "deploy/cli/worker_pool.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <map>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace tacit {
namespace {

constexpr std::chrono::seconds kPatience{2};

class Pool {
 public:
  Pool(const WorkList& list, std::size_t thread_count) : list_(list), running_(thread_count) {}

  void run_one_thread() {
    for (std::size_t index = next_++; index < list_.count && !stop; index = next_++) {
      try {
        list_.work(index, stop);
      } catch (...) {
        const std::lock_guard lock(mutex_);
        errors_.try_emplace(index, std::current_exception());
        stop = true;
      }
    }
    --running_;
  }

  bool busy() const { return running_ > 0; }
  void rethrow() const {
    if (!errors_.empty()) std::rethrow_exception(errors_.begin()->second);
  }

  std::atomic<bool> stop = false;

 private:
  const WorkList& list_;
  std::atomic<std::size_t> next_ = 0;
  std::atomic<std::size_t> running_;
  std::mutex mutex_;
  std::map<std::size_t, std::exception_ptr> errors_;
};

}  // namespace

std::optional<int> work_through(const WorkList& list, const StopSignals& signals) {
  const std::size_t thread_count = std::min(list.thread_count, list.count);
  Pool pool(list, thread_count);
  std::optional<int> signal;
  std::chrono::steady_clock::time_point deadline;
  {
    std::vector<std::jthread> threads;
    try {
      for (std::size_t t = 0; t < thread_count; ++t) {
        threads.emplace_back([&pool] { pool.run_one_thread(); });
      }
    } catch (const std::system_error&) {
      pool.stop = true;  // the running pieces need not finish
      throw;
    }
    while (pool.busy()) {
      const auto came = signals.wait(std::chrono::milliseconds(50));
      if (came && !signal) {
        signal = came;
        pool.stop = true;
        deadline = std::chrono::steady_clock::now() + kPatience;
      }
      if (signal && std::chrono::steady_clock::now() > deadline) list.abandon(*signal);
      list.tick();
    }
  }
  pool.rethrow();
  return signal;
}

}  // namespace tacit
