#include "deploy/cli/progress.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

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
    // A wrapped line could not be rewritten: the part that does not fit is left out.
    winsize window{};
    ioctl(STDERR_FILENO, TIOCGWINSZ, &window);
    const int columns = window.ws_col > 20 ? window.ws_col - 12 : 68;
    std::fprintf(stderr, "\r\033[K%.*s, %.1f s", columns, text.c_str(), seconds());
    open_line_ = true;
  } else {
    std::fprintf(stderr, "%s, %.1f s\n", text.c_str(), seconds());
  }
}

void ProgressLine::note(const std::string& text) {
  std::fprintf(stderr, "%s%s\n", open_line_ ? "\r\033[K" : "", text.c_str());
  open_line_ = false;
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

TrainingProgress::TrainingProgress(const std::vector<std::string>& names) {
  for (const std::string& name : names) tasks_.push_back({name, ""});
}

void TrainingProgress::update(std::size_t index, double done, const std::string& words) {
  Task& task = tasks_[index];
  const bool first = task.done == 0;
  if (first || done < task.done) {
    task.first_done = done;
    task.first_s = line_.seconds();
  }
  task.done = done;
  task.words = words;
  double left = 0;
  bool all_started = true;
  std::string text;
  for (const Task& other : tasks_) {
    all_started &= other.done > 0;
    if (other.done == 0 || other.done == 1) continue;
    text += "; " + other.name + " " + std::to_string(std::lround(100 * other.done)) + " %" +
            (other.words.empty() ? "" : ", " + other.words);
    const double progress = other.done - other.first_done;
    if (progress > 0) {
      left = std::max(left, (line_.seconds() - other.first_s) * (1 - other.done) / progress);
    }
  }
  const auto saved = std::ranges::count(tasks_, 1.0, &Task::done);
  const std::string estimate =
      left > 0 && all_started ? ", about " + std::to_string(std::lround(left)) + " s to go" : "";
  line_.say(
      "trained " + std::to_string(saved) + " of " + std::to_string(tasks_.size()) + estimate + text,
      first);
}

}  // namespace tacit
