#!/usr/bin/env python3
"""Fails if a program holds an instruction whose result the makers of processors are free to choose.

    tests/instructions.py PROGRAM...     disassembles each
    tests/instructions.py --self-test

rsqrt and rcp (of SSE, AVX and AVX-512) look a first guess up in a table that differs between Intel
and AMD, so a program with one of them computes other bits on another machine.
"""
import re
import subprocess
import sys

APPROXIMATE = re.compile(r"\t(v?(?:rsqrt|rcp)(?:14|28)?[ps][sdh])\b")


def approximate(line):
    found = APPROXIMATE.search(line)
    return found.group(1) if found else None


def findings(program):
    """"function: instruction" for each, in the order of the program."""
    command = ["objdump", "--disassemble", "--demangle", "--no-show-raw-insn", program]
    found, function = [], "?"
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, errors="replace") as dump:
        for line in dump.stdout:
            if line.endswith(">:\n"):
                function = line[line.index("<") + 1:-3]
            elif instruction := approximate(line):
                found.append(f"{program}: {instruction} in {function}")
    if dump.returncode != 0:
        sys.exit(f"objdump {program}: exit code {dump.returncode}")
    return found


def self_test():
    bad = ("rsqrtps", "vrsqrtps", "rsqrtss", "rcpps", "vrcpps", "vrcpss", "vrsqrt14ps",
           "vrcp14pd", "vrsqrt28ss", "vrcpph")
    good = ("sqrtps", "vsqrtpd", "vdivps", "vrcompps")
    for name in bad:
        assert approximate(f"   4010a6:\t{name} %ymm0,%ymm1\n") == name, name
    for name in good:
        assert approximate(f"   4010a6:\t{name} %ymm0,%ymm1\n") is None, name
    assert approximate("   4010a6:\tcall 4020 <vrsqrtps>\n") is None


def main():
    if sys.argv[1:] == ["--self-test"]:
        return self_test()
    if not sys.argv[1:]:
        sys.exit(__doc__)
    found = [line for program in sys.argv[1:] for line in findings(program)]
    if found:
        sys.exit("\n".join(found))
    return None


if __name__ == "__main__":
    main()
