#include "agent/process/program.h"

int main(int argc, char** argv) { return tacit::run_program(tacit::Role::agent, argc, argv); }
