#!/usr/bin/env python3
"""Compares the figures that README and docs quote with docs/figures.csv, which
bench/reproduce-examples writes.

    tests/figures.py                the pages of this checkout
    tests/figures.py --self-test

In a page a figure is marked behind its number: 0.741<!-- offload cost_ratio -->, with a % at the
end where the page gives it in percent. Before a block of output,
<!-- output of offload --> stands for all metrics and the digest in it. The number must be the
value of the table, rounded to the digits that are shown; a figure that no page quotes is an error,
too.
"""
import csv
import pathlib
import re
import sys

TOP = pathlib.Path(__file__).resolve().parent.parent
MARK = re.compile(r"(-?\d[\d,]*\.?\d*|-?\.\d+)<!-- ([\w-]+ \w+)( %)? -->")
ANY_MARK = re.compile(r"<!-- [\w-]+ \w+(?: %)? -->")
OUTPUT = re.compile(r"<!-- output of ([\w-]+) -->\s*```\n(.*?)```", re.DOTALL)
METRIC = re.compile(r"^  (\w+) +(-?[\d.e+-]+)", re.MULTILINE)
DIGEST = re.compile(r"digest ([0-9a-f]{16})")


def agrees(shown, value):
    """Whether `shown`, as text, is `value` rounded to as many digits."""
    plain = shown.replace(",", "")
    decimals = len(plain.partition(".")[2])
    return abs(float(plain) - value) <= 0.5 * 10**-decimals * (1 + 1e-9)


def problems(page, text, table, quoted):
    """What is wrong in a page; `quoted` gets the figures that it gives."""
    found = []

    def check(shown, figure, scale):
        quoted.add(figure)
        if figure not in table:
            found.append(f"{page}: no figure '{figure}': the table has {', '.join(table)}")
        elif not agrees(shown, scale * table[figure][0]):
            found.append(f"{page}: {figure} is {shown}, but the table has "
                         f"{scale * table[figure][0]:.10g}")

    for shown, figure, percent in MARK.findall(text):
        check(shown, figure, 100 if percent else 1)
    if len(MARK.findall(text)) != len(ANY_MARK.findall(text)):
        found.append(f"{page}: a mark without a number before it")
    for example, block in OUTPUT.findall(text):
        for metric, shown in METRIC.findall(block):
            check(shown, f"{example} {metric}", 1)
        digests = {digest for figure, (_, digest) in table.items()
                   if figure.startswith(f"{example} ")}
        for shown in DIGEST.findall(block):
            if {shown} != digests:
                found.append(f"{page}: {example} has the digest {shown}, but the table has "
                             f"{', '.join(digests)}")
    return found


def read_table():
    with open(TOP / "docs/figures.csv", encoding="utf-8") as file:
        return {row["figure"]: (float(row["value"]), row["digest"])
                for row in csv.DictReader(file)}


def self_test():
    table = {"a x": (0.74105, "0" * 16), "a y": (1234.5678, "0" * 16)}

    def count(text):
        return len(problems("page", text, table, set()))

    assert count("0.741<!-- a x --> and 1,235<!-- a y --> and 74.1<!-- a x % --> %") == 0
    assert count("0.742<!-- a x -->") == 1
    assert count("0.7412<!-- a x -->") == 1
    assert count("1<!-- a z -->") == 1
    assert count("one<!-- a x -->") == 1
    block = "<!-- output of a -->\n```\na: digest {}\n\n  x   {}   1 met\n```"
    assert count(block.format("0" * 16, "0.741")) == 0
    assert count(block.format("1" * 16, "0.741")) == 1
    assert count(block.format("0" * 16, "0.751")) == 1


def main():
    if sys.argv[1:] == ["--self-test"]:
        return self_test()
    if sys.argv[1:]:
        sys.exit(__doc__)
    table, quoted, found = read_table(), set(), []
    for page in [TOP / "README.md", *sorted((TOP / "docs").glob("*.md"))]:
        found += problems(page.relative_to(TOP), page.read_text(encoding="utf-8"), table, quoted)
    found += [f"docs/figures.csv: nobody quotes '{figure}'" for figure in table
              if figure not in quoted]
    if found:
        sys.exit("\n".join(found))
    return None


if __name__ == "__main__":
    main()
