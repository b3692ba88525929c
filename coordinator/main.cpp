#include "agent/process/process.h"

int main(int argc, char** argv) {
  int exit_code = 0;
  const auto options = tacit::parse_options(tacit::Role::coordinator, argc, argv, exit_code);
  return options ? tacit::run_process(tacit::Role::coordinator, *options) : exit_code;
}
