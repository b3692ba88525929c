#pragma once

#include <CLI/CLI.hpp>

namespace tacit {

/// First call of every program of tacit. Opens /dev/null for closed standard streams, so that no
/// other file gets their descriptors and their output; ignores SIGXFSZ, so that a file that may not
/// grow (ulimit -f) is a write error; escapes control characters on std::cerr.
void prepare_program();

/// Adds --version and -V.
void add_version(CLI::App& app);

/// Makes every option refuse an empty value, which an unset variable of a script leaves.
void refuse_empty_values(CLI::App& app);

/// Prints the error in a command line, or the help or version that the user asked for.
/// @return the exit code
int explain(const CLI::App& app, const CLI::ParseError& error);

/// Last call of every program: output that could not be written is an error.
/// @param code  exit code of the program so far
/// @return the exit code: run_folder in place of success if output was lost
int close_output(int code);

}  // namespace tacit
