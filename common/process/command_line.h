#pragma once

#include <CLI/CLI.hpp>

namespace tacit {

/// What every program of tacit does first: opens /dev/null for standard streams that are closed, so
/// that no file gets their numbers and their words; ignores SIGXFSZ, so that a file that may not
/// grow (ulimit -f) is an error of writing; and escapes on std::cerr what a terminal would obey.
void prepare_program();

/// --version and -V.
void add_version(CLI::App& app);

/// No option takes empty text: it is what a script's unset variable leaves.
void refuse_empty_values(CLI::App& app);

/// Says what is wrong with a command line, or prints the help or version that was asked for.
/// @return the exit code
int explain(const CLI::App& app, const CLI::ParseError& error);

/// The last thing a program does: a result that standard output did not take is none.
/// @param code  of the program so far
/// @return the exit code: run_folder in place of success if something was lost
int close_output(int code);

}  // namespace tacit
