#include "deploy/cli/progress.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>

namespace tacit {

ProgressLine::ProgressLine()
    : terminal_(isatty(STDERR_FILENO) != 0), start_(Clock::now()), last_(start_) {}

ProgressLine::~ProgressLine() {
  if (open_line_) std::fputs("\r\033[K", stderr);
}

double ProgressLine::seconds() const {
  return std::chrono::duration<double>(Clock::now() - start_).count();
}

void ProgressLine::say(const std::string& text, bool now) {
  const auto interval = terminal_ ? std::chrono::milliseconds(200) : std::chrono::seconds(10);
  const auto time = Clock::now();
  if (!now && time - last_ < interval) return;
  last_ = time;
  if (terminal_) {
    // A line that wraps could not be rewritten: what does not fit is left out.
    winsize window{};
    ioctl(STDERR_FILENO, TIOCGWINSZ, &window);
    const int columns = window.ws_col > 20 ? window.ws_col - 12 : 68;
    std::fprintf(stderr, "\r\033[K%.*s, %.1f s", columns, text.c_str(), seconds());
    open_line_ = true;
  } else {
    std::fprintf(stderr, "%s, %.1f s\n", text.c_str(), seconds());
  }
}

RunProgress::RunProgress(std::size_t process_count, Round round_count)
    : process_count_(process_count), round_count_(round_count) {}

void RunProgress::started(std::size_t process_count) {
  line_.say(std::to_string(process_count) + " of " + std::to_string(process_count_) +
                " processes past the start barrier",
            process_count == process_count_);
}

void RunProgress::update(Round round, std::size_t done_count) {
  const auto percent = 100 * round / std::max<Round>(round_count_, 1);
  std::string text = "round " + std::to_string(round) + " of " + std::to_string(round_count_) +
                     " (" + std::to_string(percent) + " %)";
  if (done_count > 0) text += ", " + std::to_string(done_count) + " processes done";
  line_.say(text);
}

TrainingProgress::TrainingProgress(std::vector<std::string> names)
    : names_(std::move(names)), done_(names_.size(), 0), words_(names_.size()) {}

void TrainingProgress::update(std::size_t index, double done, const std::string& words) {
  const bool first = done_[index] == 0;
  done_[index] = done;
  words_[index] = words;
  const double all = std::accumulate(done_.begin(), done_.end(), 0.0);
  if (all == 0) return;
  const double left = line_.seconds() * (static_cast<double>(done_.size()) - all) / all;
  std::string text = "about " + std::to_string(std::lround(left)) + " s to go";
  for (std::size_t k = 0; k < names_.size(); ++k) {
    if (done_[k] == 0) continue;
    text += "; " + names_[k] + " " + std::to_string(std::lround(100 * done_[k])) + " %" +
            (words_[k].empty() ? "" : ", " + words_[k]);
  }
  line_.say(text, first);
}

}  // namespace tacit
