#pragma once

namespace tacit {

/// Catches SIGINT, SIGTERM and SIGHUP (the terminal is gone; counts as SIGTERM): the loop sees them
/// through stop_signal(); if it does not get there within two seconds (a long round), the process
/// ends all the same. A child whose supervisor is `supervisor` dies with it. @param supervisor  0:
/// none
/// @return false if the supervisor is gone already
bool prepare_signals(int supervisor);

/// SIGINT, SIGTERM or 0.
int stop_signal();

}  // namespace tacit
