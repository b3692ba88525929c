#include "common/process/program.h"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <exception>
#include <memory>
#include <string>
#include <utility>

#include "common/base/error.h"
#include "common/base/fingerprint.h"
#include "common/base/printable.h"
#include "common/base/system_limits.h"
#include "common/process/command_line.h"
#include "common/process/host_lookup.h"
#include "common/process/process.h"
#include "common/process/signals.h"
#include "common/transport/endpoint.h"

namespace tacit {
namespace {

/// Escapes text of other processes, so that it stays within one line of the log.
class EscapedMessage final : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& message, const std::tm&,
              spdlog::memory_buf_t& line) override {
    const std::string shown = printable({message.payload.data(), message.payload.size()});
    line.append(shown.data(), shown.data() + shown.size());
  }
  std::unique_ptr<custom_flag_formatter> clone() const override {
    return std::make_unique<EscapedMessage>();
  }
};

void open_log(const std::string& name) {
  auto formatter = std::make_unique<spdlog::pattern_formatter>(spdlog::pattern_time_type::utc);
  formatter->add_flag<EscapedMessage>('*').set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %n %l: %*");
  spdlog::set_default_logger(spdlog::stderr_logger_st(name));
  spdlog::set_formatter(std::move(formatter));
}

/// Reports a rendezvous with an unknown host at once, not after the deadline.
void look_up_rendezvous(const ProcessOptions& options) {
  if (options.rendezvous.empty() || is_folder(options.rendezvous)) return;
  const auto place = parse_endpoint(options.rendezvous, 1);
  const std::string reason = place ? look_up(place->host) : "";
  if (!reason.empty()) {
    spdlog::warn("{} cannot be looked up at the moment ({}): tried again", place->host, reason);
  }
}

int run_logged(Role role, Catalog catalog, const ProcessOptions& options) {
  if (!prepare_signals(options.supervisor)) return static_cast<int>(ExitCode::terminated);
  open_log(role == Role::agent ? "agent " + std::to_string(options.id) : "coordinator");
  try {
    fix_arithmetic();
    look_up_rendezvous(options);
    run_process(role, catalog, options);
    return static_cast<int>(ExitCode::done);
  } catch (...) {
    const InputError error = as_input_error(std::current_exception());
    spdlog::error("{}", error.what());
    return static_cast<int>(error.code());
  }
}

}  // namespace

int run_program(Role role, Catalog catalog, int argc, char** argv) {
  prepare_program();
  int exit_code = 0;
  const auto options = parse_options(role, argc, argv, exit_code);
  return close_output(options ? run_logged(role, catalog, *options) : exit_code);
}

}  // namespace tacit
