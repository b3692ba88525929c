#include "common/process/command_line.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <iostream>
#include <streambuf>

#include "common/base/error.h"
#include "common/base/printable.h"
#include "common/base/version.h"

namespace tacit {
namespace {

/// Writes to standard error, with control characters escaped.
class EscapedBuffer final : public std::streambuf {
 public:
  explicit EscapedBuffer(std::streambuf* out) : out_(out) {}

 private:
  std::streamsize xsputn(const char* text, std::streamsize size) override {
    std::string_view rest(text, static_cast<std::size_t>(size));
    while (!rest.empty()) {  // line by line: line breaks are the program's own
      const std::size_t end = rest.find('\n');
      const std::string shown = printable(rest.substr(0, end));
      out_->sputn(shown.data(), static_cast<std::streamsize>(shown.size()));
      if (end == std::string_view::npos) break;
      out_->sputc('\n');
      rest.remove_prefix(end + 1);
    }
    return size;
  }
  int_type overflow(int_type letter) override {
    const char text = traits_type::to_char_type(letter);
    if (!traits_type::eq_int_type(letter, traits_type::eof())) xsputn(&text, 1);
    return traits_type::not_eof(letter);
  }
  int sync() override { return out_->pubsync(); }

  std::streambuf* out_;
};

/// Opened for the other direction: reading or writing a closed stream stays an error.
void open_standard_streams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(stream, F_GETFD) != -1 || errno != EBADF) continue;
    // The lowest free number is this one, since all below are open.
    if (open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY) != stream) {
      std::_Exit(static_cast<int>(ExitCode::run_folder));
    }
  }
}

}  // namespace

void prepare_program() {
  open_standard_streams();
  std::signal(SIGXFSZ, SIG_IGN);
  // Never deleted: std::cerr is used until the very end.
  static EscapedBuffer* const escaped = new EscapedBuffer(std::cerr.rdbuf());
  std::cerr.rdbuf(escaped);
}

void add_version(CLI::App& app) { app.set_version_flag("-V,--version", std::string(kVersion)); }

void refuse_empty_values(CLI::App& app) {
  for (CLI::Option* option : app.get_options([](const CLI::Option* one) {
         return one->nonpositional() && one->get_items_expected_max() > 0;
       })) {
    option->check(
        [](const std::string& value) { return value.empty() ? "expected a value, got ''" : ""; },
        "");
  }
  for (CLI::App* command : app.get_subcommands({})) refuse_empty_values(*command);
}

int explain(const CLI::App& app, const CLI::ParseError& error) {
  const bool is_asked_for = error.get_exit_code() == 0;  // help or version
  if (is_asked_for) return app.exit(error);
  std::cerr << printable(error.what()) << "\nRun with --help for more information.\n";
  return static_cast<int>(ExitCode::usage);
}

int close_output(int code) {
  errno = 0;
  std::cout.flush();
  if (std::cout) return code;
  const int reason = errno;
  std::cerr << "standard output cannot be written"
            << (reason == 0 ? "" : std::string(" (") + std::strerror(reason) + ")")
            << ": what was to be printed is lost\n";
  const bool was_success = code == static_cast<int>(ExitCode::done) ||
                           code == static_cast<int>(ExitCode::constraint_failed);
  return was_success ? static_cast<int>(ExitCode::run_folder) : code;
}

}  // namespace tacit
