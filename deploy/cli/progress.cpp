#include "deploy/cli/progress.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace tacit {

Progress::Progress(std::size_t process_count, Round round_count)
    : process_count_(process_count),
      round_count_(round_count),
      terminal_(isatty(STDERR_FILENO) != 0),
      start_(Clock::now()),
      last_(start_) {}

void Progress::say(const std::string& text, bool now) {
  const auto interval = terminal_ ? std::chrono::milliseconds(200) : std::chrono::seconds(10);
  const auto time = Clock::now();
  if (!now && time - last_ < interval) return;
  last_ = time;
  const double seconds = std::chrono::duration<double>(time - start_).count();
  if (terminal_) {
    std::fprintf(stderr, "\r\033[K%s, %.1f s", text.c_str(), seconds);
    open_line_ = true;
  } else {
    std::fprintf(stderr, "%s, %.1f s\n", text.c_str(), seconds);
  }
}

void Progress::started(std::size_t process_count) {
  say(std::to_string(process_count) + " of " + std::to_string(process_count_) +
          " processes past the start barrier",
      process_count == process_count_);
}

void Progress::update(Round round, std::size_t done_count) {
  const auto percent = 100 * round / std::max<Round>(round_count_, 1);
  std::string text = "round " + std::to_string(round) + " of " + std::to_string(round_count_) +
                     " (" + std::to_string(percent) + " %)";
  if (done_count > 0) text += ", " + std::to_string(done_count) + " processes done";
  say(text, false);
}

void Progress::finish() {
  if (open_line_) std::fputs("\r\033[K", stderr);
  open_line_ = false;
}

}  // namespace tacit
