#!/usr/bin/env python3
"""The house rules as a test: `tests/tidy.py [ROOT]`; every finding reads file:line: rule: remedy.

`tests/tidy.py --self-test` breaks each rule once in a temporary tree (tidy_plants.py) and sees it
found. Standard library only.
"""

import ast
import os
import re
import shutil
import subprocess
import sys
from collections import namedtuple

BASE = ["common/base"]
# What a system is made of; nothing of how a run is performed.
SYSTEM = BASE + ["common/config", "common/experiment/catalog.h", "common/experiment/system.h",
                 "common/experiment/training_task.h", "common/graph", "common/link/link_model.h",
                 "common/protocol", "common/results/figure.h", "common/results/quantity.h",
                 "common/results/summary.h", "agent/learning"]
COMMAND = BASE + ["agent/catalog.h", "common/experiment", "common/results", "common/simulation",
                  "common/process", "common/rendezvous", "deploy/report"]
# THE dependency rule: a folder may include itself and these folders or files. Arrows go downwards:
# proto < common < agent < coordinator < deploy; within common in the order of these lines. A new
# arrow needs a line here and a reason in the commit.
ARROWS = {
    "common/base": [],
    "common/config": BASE,
    "common/graph": BASE,
    "common/link": BASE,
    "common/proximity": BASE + ["common/config", "common/link"],
    "common/protocol": BASE,
    "common/wire": BASE,
    "common/transport": BASE,
    "common/results": BASE,
    "common/round": BASE + ["common/link", "common/wire", "common/transport/transport.h"],
    "common/simulation": BASE + ["common/link", "common/wire", "common/transport", "common/round",
                                 "common/results"],
    "common/rendezvous": BASE + ["common/wire", "common/results",
                                 "common/transport/transport.h"],
    "common/experiment": BASE + ["common/config", "common/graph", "common/link",
                                 "common/proximity", "common/results", "common/round",
                                 "common/simulation"],
    "common/process": BASE + ["common/wire", "common/transport", "common/round",
                              "common/simulation", "common/rendezvous", "common/experiment",
                              "common/results"],
    "agent/learning": BASE,
    "agent/systems/grid": SYSTEM,
    "agent/systems/locomotion": SYSTEM + ["agent/systems/locomotion/plant"],
    "agent/systems/locomotion/plant": BASE + ["common/protocol"],
    "agent/systems/offload": SYSTEM,
    "agent/systems/patrol": SYSTEM + ["common/proximity"],
    "agent": BASE + ["common/experiment/catalog.h", "common/process/program.h", "agent/systems"],
    "coordinator": ["agent/catalog.h", "common/process/program.h"],
    "deploy/report": BASE + ["common/results"],
    "deploy/cli": COMMAND + ["common/config", "common/graph", "agent/systems", "deploy/cli"],
    "deploy/cli/chaos": COMMAND + ["deploy/cli"],
    "deploy/cli/launch": COMMAND + ["deploy/cli"],
    "deploy/cli/sweep": COMMAND + ["deploy/cli"],
    "tests": ["common", "agent", "coordinator", "deploy", "bench"],
    "bench": ["common", "agent", "coordinator", "deploy", "tests/support"],
}
# Libraries that stay behind one folder: pattern of the header, name, folders.
KEPT_IN = [
    (r"\.pb\.h$", "protobuf code", ["common/wire", "common/results/artifact"]),
    (r"^zmq(_addon)?\.hp?p?p?$", "ZeroMQ", ["common/transport", "bench"]),
    (r"^toml\+\+/|^toml\.hpp$", "toml++", ["common/config"]),
    (r"^(boost/)?asio(\.hpp|/)", "Asio", ["deploy/cli"]),
    (r"^spdlog/", "spdlog", ["common/process", "deploy/cli/main.cpp"]),
    (r"^mujoco/", "MuJoCo", ["agent/systems/locomotion/plant/mujoco_library", "bench"]),
]
# Pure: no file, no clock, no output, no order of hashing.
CORES = ["common/base", "common/graph", "common/link", "common/proximity", "common/protocol",
         "common/wire", "common/round", "common/simulation", "agent/learning", "agent/systems"]
# These read or write files, and nothing else of the world.
CLOCKLESS = CORES + ["common/config", "common/results", "common/experiment"]
# The round engine and its simulation get time points as arguments, the settings durations.
TIMELESS = [folder for folder in CLOCKLESS
            if folder not in ("common/round", "common/simulation", "common/experiment")]
FLOAT_FOLDERS = ["agent/learning/network", "agent/learning/ppo", "agent/systems/patrol",
                 "agent/systems/locomotion", "common/base/fingerprint", "common/base/tanh", "bench",
                 "tests"]
# Banned in code: pattern, rule, remedy, folders where it is banned (None: everywhere), exceptions.
BANNED = [
    (r"\brandom_device\b", "randomness", "use RandomStream(seed, process, purpose, round)", None,
     []),
    (r"\bstd::\w+_distribution\b", "randomness", "use Boost.Random: same bits everywhere", None,
     []),
    (r"\bstd::shuffle\b|\branges::shuffle\b", "randomness", "shuffle by hand with a RandomStream",
     None, []),
    (r"\bstd::(mt19937|default_random_engine|minstd)", "randomness", "use RandomStream", None, []),
    (r"\bsetRandom\b|\bMatrix\w*::Random\b|\bVector\w*::Random\b|\bEigen::\w*::?Random\b",
     "randomness", "fill from a RandomStream", None, []),
    (r"(?<![\w:.>])s?rand\s*\(", "randomness", "use RandomStream", None, []),
    (r"\bsleep_(for|until)\b|(?<![\w:.>])(u|nano)?sleep\s*\(", "sleep",
     "use virtual rounds, or wait on an exit status with a deadline", ["tests"], []),
    (r"[cC]lock::now\b|\bclock_gettime\b|\bgettimeofday\b|(?<![\w:.>])time\s*\(\s*(nullptr|NULL|0)",
     "clock", "take the time as an argument", CLOCKLESS, []),
    (r"\b(system|steady|high_resolution)_clock\b", "clock", "count rounds, not time", TIMELESS, []),
    (r"\bstd::unordered_\w+", "order", "use std::map or a sorted vector: iteration must not depend "
     "on hashing", CLOCKLESS, []),
    (r"\bstd::(i|o)?fstream\b|\bstd::filesystem\b|\bfopen\s*\(", "files",
     "take the text as an argument", CORES,
     ["agent/systems/grid/district_source", "common/base/read_file"]),
    (r"\bstd::(cout|cerr|clog)\b|(?<![\w:.>])(std::)?f?printf\s*\(", "output",
     "return data; only the mains print", CLOCKLESS, ["common/base/check.cpp"]),
    (r"\bfloat\b", "float", "use double; float is for neural networks in agent/learning", None,
     FLOAT_FOLDERS),
    (r"-ffast-math|-march=native|-Ofast", "bits", "flags are fixed in CMakeLists.txt", None, []),
]
UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|X" r"XX)\b")
CODE = (".h", ".cpp")
CHECKED = CODE + (".py", ".sh", ".proto", ".cmake", ".toml", "CMakeLists.txt")
SKIPPED_FOLDERS = {".git", "build", "runs", "__pycache__"}
LINES_PER_FILE, LINES_PER_FUNCTION, LETTERS_PER_LINE = 400, 60, 100

Finding = namedtuple("Finding", "path line rule remedy")


def within(path, folders):
    return any(path == f or path.startswith(f + "/") or path.startswith(f + ".") for f in folders)


def files_of(root):
    """Relative paths of the files that rules apply to: by ending, or by the #! of a script."""
    found = []
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(f for f in folders if f not in SKIPPED_FOLDERS)
        for name in names:
            path = os.path.join(folder, name)
            if name.endswith(CHECKED + (".md",)) or ("." not in name and is_script(path)):
                found.append(os.path.relpath(path, root))
    return sorted(found)


def is_script(path):
    with open(path, "rb") as file:
        return file.read(2) == b"#!"


def without_words(text):
    """C++ code with comments, strings and characters blanked, line by line in the same place."""
    pattern = re.compile(r'//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"'
                         r"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'", re.S)

    def blank(match):
        word = match.group(0)
        if word.startswith('"') and re.search(r"#include\s*$", text[:match.start()][-20:]):
            return word
        return re.sub(r"[^\n]", " ", word)

    return pattern.sub(blank, text)


def check_size(path, text):
    lines = text.split("\n")
    count = len(lines) - 1
    if count > LINES_PER_FILE:
        yield Finding(path, count, "size", f"split this file: {count} lines, {LINES_PER_FILE} "
                      "at most")
    for number, line in enumerate(lines, 1):
        if len(line) > LETTERS_PER_LINE:
            yield Finding(path, number, "width", f"break this line: {len(line)} letters, "
                          f"{LETTERS_PER_LINE} at most")


def kind_of(head, inside):
    """What a brace opens after `head`, the text since the last ; { or }."""
    if any(kind != "scope" for kind in inside):
        return "block"
    head = re.sub(r"template\s*<(?:[^<>]|<(?:[^<>]|<[^<>]*>)*>)*>", "", head)
    head = re.sub(r"operator\s*[^\w\s(]+", "operator", head)
    flat = re.sub(r"\([^()]*\)", "()", re.sub(r"\([^()]*\)", "", head))
    if re.search(r"\b(namespace|class|struct|union|enum|extern)\b", re.sub(r"\([^)]*\)", "", head)):
        return "scope"
    assigns = "=" in re.sub(r"\(.*\)", "", flat, flags=re.S)
    return "function" if "(" in head and not assigns else "block"


def cpp_functions(code):
    """(first line, last line) of every function body in blanked C++ code."""
    stack, head, line = [], "", 1
    code = re.sub(r"^[ \t]*#(?:\\\n|[^\n])*", lambda m: re.sub(r"[^\n]", " ", m.group(0)), code,
                  flags=re.M)
    for letter in code:
        if letter == "\n":
            line += 1
        if letter == "{":
            stack.append((kind_of(head, [kind for kind, _ in stack]), line))
            head = ""
        elif letter == "}":
            kind, first = stack.pop() if stack else ("block", line)
            if kind == "function":
                yield first, line
            head = ""
        elif letter == ";":
            head = ""
        else:
            head += letter


def check_functions(path, text):
    spans = []
    if path.endswith(CODE):
        spans = cpp_functions(without_words(text))
    elif path.endswith(".py"):
        spans = [(node.lineno, node.end_lineno) for node in ast.walk(ast.parse(text))
                 if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
    for first, last in spans:
        if last - first + 1 > LINES_PER_FUNCTION:
            yield Finding(path, first, "function", f"split this function: {last - first + 1} "
                          f"lines, {LINES_PER_FUNCTION} at most")


def owner(path):
    """The longest folder of the table that holds `path`."""
    holders = [folder for folder in ARROWS if within(path, [folder])]
    return max(holders, key=len) if holders else None


def arrow_remedy(folder, target):
    """Nothing if a file of `folder` may include `target`, else what to do."""
    if folder is None:
        return "this folder has no line in ARROWS of tests/tidy.py: add it, with a reason"
    allowed = ARROWS[folder]
    if owner(target) == folder or within(target, allowed):
        return None
    return f"{folder} may include only {', '.join(allowed) or 'itself'}"


def check_includes(path, text):
    folder = owner(path)
    for number, line in enumerate(text.split("\n"), 1):
        match = re.match(r'\s*#\s*include\s*([<"])([^>"]+)[>"]', line)
        if not match:
            continue
        mark, target = match.groups()
        for pattern, library, homes in KEPT_IN:
            if re.search(pattern, target) and not within(path, homes):
                yield Finding(path, number, "library", f"{library} stays in {', '.join(homes)}")
        if mark == '"' and not target.endswith(".pb.h"):
            remedy = arrow_remedy(folder, target)
            if remedy:
                yield Finding(path, number, "arrow", f"{target}: {remedy}")


def check_tokens(path, text):
    code = without_words(text) if path.endswith(CODE) else text
    for number, (line, raw) in enumerate(zip(code.split("\n"), text.split("\n")), 1):
        if UNFINISHED.search(raw):
            yield Finding(path, number, "unfinished", "finish it, or say why it is so")
        if not path.endswith(CODE) and not path.endswith(("CMakeLists.txt", ".cmake")):
            continue
        for pattern, rule, remedy, folders, exceptions in BANNED:
            banned_here = folders is None or within(path, folders)
            if banned_here and not within(path, exceptions) and re.search(pattern, line):
                yield Finding(path, number, rule, remedy)


def check_experiments(texts):
    """Every experiment file is run by a test; every name of the catalog is documented."""
    tests = "\n".join(t for p, t in texts.items() if within(p, ["tests"])
                      and not within(p, ["tests/tidy", "tests/tidy_plants"]))
    words = "\n".join(t for p, t in texts.items() if p == "README.md" or within(p, ["docs"]))
    for path, text in texts.items():
        if within(path, ["deploy/experiments"]) and path.endswith(".toml"):
            if os.path.basename(path) not in tests:
                yield Finding(path, 1, "experiment", "name this file in a test that runs it")
        if path in ("agent/catalog.cpp", "common/experiment/network.cpp"):
            for match in re.finditer(r'\{\s*"([a-z_]+)",\s*"[^"]* [^"]*"', text):
                if not re.search(rf"\b{match.group(1)}\b", words):
                    yield Finding(path, text[:match.start()].count("\n") + 1, "catalog",
                                  f"document '{match.group(1)}' in README.md or docs/")


def check_mutations(texts):
    """tests/mutation.md speaks of tests that exist."""
    tests = "\n".join(text for path, text in texts.items() if within(path, ["tests"]))
    for number, line in enumerate(texts.get("tests/mutation.md", "").split("\n"), 1):
        match = re.match(r"- (\w+)\.(\w+): \w", line)
        if not match and line.startswith("- "):
            yield Finding("tests/mutation.md", number, "mutation", "write '- Suite.Test: change'")
        elif match and not re.search(rf"\w*\(\s*{match.group(1)},\s*{match.group(2)}\b", tests):
            yield Finding("tests/mutation.md", number, "mutation",
                          f"no test is called {match.group(1)}.{match.group(2)}")


def formatter():
    """The clang-format whose layout is the rule: other versions break some lines elsewhere."""
    for name in ("clang-format", "clang-format-14"):
        tool = shutil.which(name)
        if tool is None:
            continue
        version = subprocess.run([tool, "--version"], capture_output=True, text=True).stdout
        if " version 14." in version:
            return tool
    return None


def check_format(root, paths):
    """The findings of clang-format 14; nothing where it is not installed."""
    tool = formatter()
    code = [os.path.join(root, path) for path in paths if path.endswith(CODE)]
    if tool is None or not code:
        return
    style = f"--style=file:{os.path.join(root, '.clang-format')}"
    answer = subprocess.run([tool, style, "--dry-run"] + code, capture_output=True, text=True)
    seen = set()
    for match in re.finditer(r"^(.+?):(\d+):\d+: (?:warning|error):", answer.stderr, re.M):
        path = os.path.relpath(match.group(1), root)
        if path not in seen:
            seen.add(path)
            yield Finding(path, int(match.group(2)), "format", f"clang-format -i {path}")


def findings_of(root):
    texts = {}
    for path in files_of(root):
        with open(os.path.join(root, path), encoding="utf-8") as file:
            texts[path] = file.read()
    findings = [*check_experiments(texts), *check_mutations(texts), *check_format(root, texts)]
    for path, text in texts.items():
        if path.endswith(".md"):
            continue
        checks = [check_size, check_functions, check_tokens]
        if path.endswith(CODE):
            checks.append(check_includes)
        for check in checks:
            findings.extend(check(path, text))
    return sorted(set(findings))


def main(arguments):
    here = os.path.dirname(os.path.abspath(__file__))
    if arguments == ["--self-test"]:
        sys.path.insert(0, here)
        import tidy_plants
        return tidy_plants.self_test(findings_of, formatter() is not None)
    if formatter() is None:
        print("tidy: format not checked: clang-format 14 is not installed", file=sys.stderr)
    findings = findings_of(os.path.abspath(arguments[0]) if arguments else os.path.dirname(here))
    for finding in findings:
        print("%s:%d: %s: %s" % finding)
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
