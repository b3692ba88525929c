"""One violation of each rule of tidy.py, and the proof that it is found where it stands."""

import os
import tempfile

LONG_BODY = "\n".join(f"  total += {k};" for k in range(60))
CLEAN = {
    ".clang-format": "BasedOnStyle: Google\nColumnLimit: 100\n",
    "README.md": "The ring and offload are documented.\n",
    "agent/catalog.cpp": 'Entry a{"offload", "edge devices"};\n',
    "common/base/ids.h": "#pragma once\n#include <zlib.h>\n// sleep_for, rand() and float\n",
    "common/graph/graph.cpp": '#include "common/graph/graph.h"\n\n#include "common/base/ids.h"\n\n'
                              "const char* text = \"std::cout << rand() // float\";\n",
    "common/graph/graph.h": "#pragma once\n\nenum class Kind { ring = 1'000 };\n",
    "deploy/experiments/offload.toml": "[run]\n",
    "deploy/cli/main.cpp": '#include <asio.hpp>\n\n#include "agent/catalog.h"\n\n'
                           "auto now = Clock::now();\n",
    "tests/mutation.md": "- Parity.Holds: a frame is dropped\n",
    "tests/parity/parity_test.cpp": 'TEST(Parity, Holds) { run("offload.toml"); }\n',
}
# (rule, path, line, text)
PLANTS = [
    ("size", "common/base/long.cpp", 401, "// x\n" * 401),
    ("size", "tests/run", 401, "#!/bin/sh\n" + ":\n" * 400),
    ("width", "common/base/wide.sh", 2, "#!/bin/sh\n# " + "x" * 99 + "\n"),
    ("function", "common/base/a.cpp", 3,
     "namespace tacit {\n\nint f(int total = 0) {\n" + LONG_BODY + "\n  return total;\n}\n\n"
     "}  // namespace tacit\n"),
    ("function", "common/base/a.h", 4,
     "template <typename T>\nstruct A {\n  int total;\n  bool operator==(const A& other) const {\n"
     + LONG_BODY.replace("  total", "    (void)total") + "\n    return true;\n  }\n};\n"),
    ("function", "tests/a.py", 1, "def f():\n" + "    print(1)\n" * 60),
    ("arrow", "common/graph/a.cpp", 1, '#include "common/link/link_model.h"\n'),
    ("arrow", "common/round/a.cpp", 1, '#include "common/transport/zmq.h"\n'),
    ("arrow", "agent/systems/offload/a.cpp", 1, '#include "agent/catalog.h"\n'),
    ("arrow", "deploy/cli/a.cpp", 1, '#include "tests/support/a.h"\n'),
    ("arrow", "common/new_folder/a.cpp", 1, '#include "common/base/ids.h"\n'),
    ("library", "common/round/a.cpp", 1, '#include "wire.pb.h"\n'),
    ("library", "common/process/a.cpp", 1, "#include <zmq.hpp>\n"),
    ("library", "common/experiment/experiment.cpp", 1, "#include <toml++/toml.h>\n"),
    ("library", "common/round/a.cpp", 1, "#include <asio.hpp>\n"),
    ("library", "common/round/a.cpp", 1, "#include <spdlog/spdlog.h>\n"),
    ("randomness", "tests/a.cpp", 1, "std::random_device device;\n"),
    ("randomness", "common/base/a.cpp", 1, "std::uniform_int_distribution<int> pick;\n"),
    ("randomness", "common/base/a.cpp", 1, "auto x = (std::shuffle(a, b, c), 1);\n"),
    ("randomness", "common/base/a.cpp", 1, "std::mt19937 engine;\n"),
    ("randomness", "common/base/a.cpp", 1, "auto x = Eigen::MatrixXd::Random(2, 2);\n"),
    ("randomness", "common/base/a.cpp", 1, "int x = rand();\n"),
    ("sleep", "tests/unit/a.cpp", 1, "auto x = (std::this_thread::sleep_for(a), 1);\n"),
    ("sleep", "tests/unit/a.cpp", 1, "auto x = sleep(1);\n"),
    ("clock", "common/round/a.cpp", 1, "auto x = std::chrono::steady_clock::now();\n"),
    ("clock", "agent/learning/a.cpp", 1, "std::chrono::steady_clock::time_point x;\n"),
    ("clock", "agent/systems/offload/a.cpp", 1, "auto x = time(nullptr);\n"),
    ("order", "common/graph/a.cpp", 1, "std::unordered_map<int, int> x;\n"),
    ("output", "common/protocol/a.cpp", 1, 'auto& x = std::cout << "x";\n'),
    ("output", "agent/systems/offload/a.cpp", 1, 'int x = std::printf("x");\n'),
    ("float", "agent/learning/a.cpp", 1, "float x;\n"),
    ("bits", "bench/CMakeLists.txt", 1, "add_compile_options(-ffast-math)\n"),
    ("unfinished", "common/base/a.h", 2, "#pragma once\n// TO" "DO: all of it\n"),
    ("unfinished", "deploy/experiments/offload.toml", 1, "# FIX" "ME\n"),
    ("experiment", "deploy/experiments/patrol.toml", 1, "[run]\n"),
    ("catalog", "common/experiment/network.cpp", 2, '\nEntry a{"star", "all with agent 0"};\n'),
    ("mutation", "tests/mutation.md", 1, "- Graph.IsGone: an edge is dropped\n"),
    ("mutation", "tests/mutation.md", 2, "\n- something fails\n"),
]
FORMAT_PLANT = ("format", "common/base/a.cpp", 1, "int   x;\n")


def findings_with(findings_of, plant):
    with tempfile.TemporaryDirectory(prefix="tacit_tidy_") as root:
        for path, text in {**CLEAN, **({plant[1]: plant[3]} if plant else {})}.items():
            os.makedirs(os.path.dirname(os.path.join(root, path)), exist_ok=True)
            with open(os.path.join(root, path), "w", encoding="utf-8") as file:
                file.write(text)
        return findings_of(root)


def self_test(findings_of, checks_format):
    """Each plant gives its one finding, and the clean tree none. Returns the exit status."""
    plants = PLANTS + ([FORMAT_PLANT] if checks_format else [])
    failures = [f"found in a clean tree: {finding}" for finding in findings_with(findings_of, None)]
    for rule, path, line, text in plants:
        findings = findings_with(findings_of, (rule, path, line, text))
        seen = {(finding.rule, finding.path, finding.line) for finding in findings}
        if seen != {(rule, path, line)}:
            failures.append(f"planted {rule} at {path}:{line}, found {sorted(seen)}")
    print("\n".join(failures) or f"each of {len(plants)} planted violations was found")
    return 1 if failures else 0
