#include "deploy/report/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include "common/base/error.h"

namespace tacit {
namespace {

using Clock = std::chrono::steady_clock;

[[noreturn]] void fail(const std::string& what, int error_number) {
  throw InputError(ExitCode::run_folder,
                   what + ": " + std::generic_category().message(error_number) +
                       "; close other programs or raise the limits (ulimit -n, ulimit -u)");
}

class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor() { close(); }
  void close() {
    if (number_ >= 0) ::close(number_);
    number_ = -1;
  }
  int get() const { return number_; }

 private:
  int number_;
};

struct Pipe {
  Descriptor read_end;
  Descriptor write_end;
};

Pipe make_pipe() {
  std::array<int, 2> ends;
  if (pipe2(ends.data(), O_CLOEXEC) != 0) fail("cannot make a pipe", errno);
  return {Descriptor(ends[0]), Descriptor(ends[1])};
}

/// A file in memory instead of a pipe: the child can read at its own pace or not at all, and this
/// process need not write while it reads the child's output.
Descriptor file_with(std::string_view text) {
  Descriptor file(memfd_create("tacit-child-input", MFD_CLOEXEC));
  if (file.get() < 0) fail("cannot make a file in memory", errno);
  while (!text.empty()) {
    const ssize_t written = write(file.get(), text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) fail("cannot write a file in memory", errno);
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  lseek(file.get(), 0, SEEK_SET);
  return file;
}

/// @return 0 or the error number of the spawn
int spawn(const std::vector<std::string>& command, int input, int output, int error, pid_t& child) {
  std::vector<char*> arguments;
  for (const std::string& argument : command) {
    arguments.push_back(const_cast<char*>(argument.c_str()));  // NOLINT: posix_spawn's old type
  }
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, error, STDERR_FILENO);
  const int result =
      posix_spawnp(&child, arguments.front(), &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  return result;
}

/// Reads the available bytes. @return false at the end of the stream
bool read_some(int descriptor, std::string& text) {
  std::array<char, 16384> block;
  const ssize_t size = read(descriptor, block.data(), block.size());
  if (size < 0) return errno == EINTR;
  text.append(block.data(), static_cast<std::size_t>(size));
  return size > 0;
}

/// @return false if the deadline passed before both streams ended
bool read_until_closed(Descriptor& output, Descriptor& error, ChildOutcome& outcome,
                       Clock::time_point end) {
  while (output.get() >= 0 || error.get() >= 0) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now()).count();
    if (left <= 0) return false;
    std::array<pollfd, 2> streams{{{output.get(), POLLIN, 0}, {error.get(), POLLIN, 0}}};
    const int ready = poll(streams.data(), streams.size(), static_cast<int>(left));
    if (ready <= 0) continue;
    if (streams[0].revents != 0 && !read_some(output.get(), outcome.standard_output)) {
      output.close();
    }
    if (streams[1].revents != 0 && !read_some(error.get(), outcome.standard_error)) error.close();
  }
  return true;
}

}  // namespace

ChildOutcome run_child(const std::vector<std::string>& command, std::string_view input,
                       std::chrono::milliseconds deadline) {
  const auto end = Clock::now() + deadline;
  const Descriptor source = file_with(input);
  Pipe output = make_pipe();
  Pipe error = make_pipe();
  ChildOutcome outcome;
  pid_t child = 0;
  const int spawned =
      spawn(command, source.get(), output.write_end.get(), error.write_end.get(), child);
  if (spawned == ENOENT || spawned == EACCES) {
    outcome.ending = ChildOutcome::Ending::not_found;
    return outcome;
  }
  if (spawned != 0) fail("cannot start " + command.front(), spawned);
  output.write_end.close();
  error.write_end.close();
  if (!read_until_closed(output.read_end, error.read_end, outcome, end)) {
    outcome.ending = ChildOutcome::Ending::timed_out;
    kill(child, SIGKILL);
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  outcome.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return outcome;
}

}  // namespace tacit
