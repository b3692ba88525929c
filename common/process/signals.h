#pragma once

namespace tacit {

/// Catches SIGINT, SIGTERM and SIGHUP (the terminal is gone; counts as SIGTERM): the loop reads
/// them through stop_signal(); if it does not within two seconds (a long round), the process ends
/// nevertheless. A process with a supervisor is killed when its supervisor dies.
/// @param supervisor  process id; 0: none
/// @return false if the supervisor is already gone
bool prepare_signals(int supervisor);

/// SIGINT, SIGTERM or 0.
int stop_signal();

}  // namespace tacit
