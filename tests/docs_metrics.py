#!/usr/bin/env python3
"""Tables of metrics in the documentation say what the program says.

`tests/docs_metrics.py TACIT` compares every block of docs/ between the lines

    <!-- tacit metrics NAME -->
    <!-- end of tacit metrics -->

with what `TACIT metrics NAME --markdown` prints, and finds a block for every NAME there is;
`tests/docs_metrics.py TACIT --write` writes the blocks anew.
"""

import glob
import json
import os
import re
import subprocess
import sys

BLOCK = re.compile(r"(<!-- tacit metrics (\w+) -->\n)(.*?)(<!-- end of tacit metrics -->\n)", re.S)


def answer(tacit, *words):
    return subprocess.run([tacit, "metrics", *words], check=True, capture_output=True,
                          text=True).stdout


def main(arguments):
    tacit, write = arguments[0], arguments[1:] == ["--write"]
    docs = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "docs")
    found, failures = set(), []
    for path in sorted(glob.glob(os.path.join(docs, "*.md"))):
        with open(path, encoding="utf-8") as file:
            text = file.read()
        found.update(match.group(2) for match in BLOCK.finditer(text))
        newest = BLOCK.sub(lambda match: match.group(1) + "\n" +
                           answer(tacit, match.group(2), "--markdown") + "\n" + match.group(4),
                           text)
        if newest != text and write:
            with open(path, "w", encoding="utf-8") as file:
                file.write(newest)
        elif newest != text:
            failures.append(f"{path}: a table of metrics is not what {tacit} prints: "
                            f"{os.path.relpath(__file__)} {tacit} --write")
    for name in sorted(set(json.loads(answer(tacit, "--json"))) - found):
        failures.append(f"docs/: no page has a block 'tacit metrics {name}'")
    print("\n".join(failures) or f"{len(found)} blocks are what {tacit} prints")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
