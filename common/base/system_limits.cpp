#include "common/base/system_limits.h"

#include <cerrno>
#include <new>
#include <system_error>

namespace tacit {

InputError as_input_error(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const InputError& known) {
    return known;
  } catch (const std::bad_alloc&) {
    return {ExitCode::run_folder, "out of memory: run fewer agents here, or raise ulimit -v"};
  } catch (const std::system_error& refused) {
    const std::string reason = refused.what();
    const int number = refused.code().value();  // asio has its own category for system errors
    if (number == EAGAIN) {
      return {ExitCode::run_folder, "no further thread or process (" + reason +
                                        "): raise ulimit -u, or the limit of the control group"};
    }
    if (number == EMFILE || number == ENFILE) {
      return {ExitCode::run_folder, "no further open file (" + reason + "): raise ulimit -n"};
    }
    return {ExitCode::internal, "internal error: " + reason};
  } catch (const std::exception& bug) {
    return {ExitCode::internal, std::string("internal error: ") + bug.what()};
  } catch (...) {
    return {ExitCode::internal, "internal error: what was thrown is no exception"};
  }
}

}  // namespace tacit
