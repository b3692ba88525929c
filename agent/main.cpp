#include "agent/catalog.h"
#include "common/process/program.h"

int main(int argc, char** argv) {
  return tacit::run_program(tacit::Role::agent, tacit::systems(), argc, argv);
}
