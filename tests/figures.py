#!/usr/bin/env python3
"""Compares the figures that README and docs quote with docs/figures.csv, which the scripts
bench/reproduce-* write (with --write); the table says which command gives a figure.

    tests/figures.py                the pages of this checkout
    tests/figures.py --write        first puts the table's values into the pages
    tests/figures.py --self-test

In a page a figure is marked behind its number: 0.741<!-- offload cost_ratio -->, with a % at the
end where the page gives it in percent. Before a block of output,
<!-- output of offload --> stands for all metrics and the digest in it. The number must be the
value of the table, rounded to the digits that are shown; a figure that no page quotes is an error,
too. --write keeps the digits, and a sign or commas where there are some.
"""
import csv
import math
import pathlib
import re
import sys
import tempfile

TOP = pathlib.Path(__file__).resolve().parent.parent
MARK = re.compile(r"([+-]?\d[\d,]*\.?\d*|[+-]?\.\d+)<!-- ([\w.-]+ \w+)( %)? -->")
ANY_MARK = re.compile(r"<!-- [\w.-]+ \w+(?: %)? -->")
OUTPUT = re.compile(r"<!-- output of ([\w-]+) -->\s*```\n(.*?)```", re.DOTALL)
METRIC = re.compile(r"^  (\w+)( +)(-?[\d.e+-]+)", re.MULTILINE)
DIGEST = re.compile(r"digest ([0-9a-f]{16})")


def agrees(shown, value):
    """Whether `shown`, as text, is `value` rounded to as many digits."""
    plain = shown.replace(",", "")
    decimals = len(plain.partition(".")[2])
    return abs(float(plain) - value) <= 0.5 * 10**-decimals * (1 + 1e-9)


def written_as(shown, value):
    """`value` with as many digits as `shown`."""
    decimals = len(shown.partition(".")[2])
    sign = "+" if shown[0] in "+-" else ""
    text = f"{value:{sign}{',' if ',' in shown else ''}.{decimals}f}"
    return re.sub(r"^([+-]?)0\.", r"\1.", text) if shown.lstrip("+-")[0] == "." else text


def revised(text, table):
    """A page with the values of the table; what agrees, or is not there, stays as it is."""
    def mark(match):
        shown, figure, percent = match.groups()
        value = (100 if percent else 1) * table.get(figure, (math.nan, ""))[0]
        if math.isnan(value) or agrees(shown, value):
            return match[0]
        return written_as(shown, value) + match[0][len(shown):]

    def block(match):
        def metric(line):
            name, blanks, shown = line.groups()
            value = table.get(f"{match[1]} {name}", (math.nan, ""))[0]
            if math.isnan(value) or agrees(shown, value):
                return line[0]
            return f"  {name}{blanks}{value:.6g}"

        digests = [digest for figure, (_, digest) in table.items()
                   if figure.startswith(f"{match[1]} ")]
        text = METRIC.sub(metric, match[0])
        return DIGEST.sub(f"digest {digests[0]}", text) if digests else text

    return OUTPUT.sub(block, MARK.sub(mark, text))


def problems(page, text, table, quoted):
    """What is wrong in a page; `quoted` gets the figures that it gives."""
    found = []

    def check(shown, figure, scale):
        quoted.add(figure)
        if figure not in table:
            found.append(f"{page}: docs/figures.csv has no figure '{figure}'")
        elif not agrees(shown, scale * table[figure][0]):
            found.append(f"{page}: {figure} is {shown}, but the table has "
                         f"{scale * table[figure][0]:.10g}")

    for shown, figure, percent in MARK.findall(text):
        check(shown, figure, 100 if percent else 1)
    if len(MARK.findall(text)) != len(ANY_MARK.findall(text)):
        found.append(f"{page}: a mark without a number before it")
    for example, block in OUTPUT.findall(text):
        for metric, _, shown in METRIC.findall(block):
            check(shown, f"{example} {metric}", 1)
        digests = {digest for figure, (_, digest) in table.items()
                   if figure.startswith(f"{example} ")}
        for shown in DIGEST.findall(block):
            if {shown} != digests:
                found.append(f"{page}: {example} has the digest {shown}, but the table has "
                             f"{', '.join(digests)}")
    return found


def read_table():
    table = {}
    with open(TOP / "docs/figures.csv", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["figure"] in table:
                sys.exit(f"docs/figures.csv: '{row['figure']}' is there twice")
            table[row["figure"]] = (float(row["value"]), row["digest"])
    return table


def self_test():
    table = {"a x": (0.74105, "0" * 16), "a y": (1234.5678, "0" * 16), "b-0.1 z": (-0.026, "")}

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
    assert count("-.026<!-- b-0.1 z -->") == 0
    assert count("+.026<!-- b-0.1 z -->") == 1

    def becomes(old, new):
        assert revised(old, table) == new, revised(old, table)

    becomes("(9.1<!-- a x % --> %) 9,999.0<!-- a y -->, 1<!-- a y -->",
            "(74.1<!-- a x % --> %) 1,234.6<!-- a y -->, 1235<!-- a y -->")
    becomes(".7<!-- a x -->, +.031<!-- b-0.1 z -->, 0.10<!-- b-0.1 z -->, 5<!-- a z -->",
            ".7<!-- a x -->, -.026<!-- b-0.1 z -->, -0.03<!-- b-0.1 z -->, 5<!-- a z -->")
    becomes("-0.74<!-- a x -->, -.1<!-- a x -->", "+0.74<!-- a x -->, +.7<!-- a x -->")
    becomes(block.format("1" * 16, "0.751"), block.format("0" * 16, "0.74105"))


def self_test_of_the_table():
    """A command replaces its own rows, where they stood, and no others."""
    sys.path.insert(0, str(TOP / "bench"))
    import reproduction

    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "figures.csv")
        for command, found in [("one", {"x": 1, "y": 2}), ("two", {"z": 3}), ("one", {"w": 0.25})]:
            figures = reproduction.Figures()
            figures.add("a", ["00" * 8, "11" * 8] if command == "one" else ["22" * 8], **found)
            figures.write(command, path)
        # printf '%s\n%s' 0000000000000000 1111111111111111 | sha256sum
        assert path.read_text(encoding="utf-8") == (
            "figure,value,digest,command\n"
            "a w,0.25,67e47f8d3b8f5a8c,one\na z,3.0,2222222222222222,two\n"), path.read_text()


def main():
    if sys.argv[1:] == ["--self-test"]:
        self_test()
        return self_test_of_the_table()
    if sys.argv[1:] not in ([], ["--write"]):
        sys.exit(__doc__)
    table, quoted, found = read_table(), set(), []
    for page in [TOP / "README.md", *sorted((TOP / "docs").glob("*.md"))]:
        text = page.read_text(encoding="utf-8")
        if sys.argv[1:]:
            text = revised(text, table)
            page.write_text(text, encoding="utf-8")
        found += problems(page.relative_to(TOP), text, table, quoted)
    found += [f"docs/figures.csv: nobody quotes '{figure}'" for figure in table
              if figure not in quoted]
    if found:
        sys.exit("\n".join(found))
    return None


if __name__ == "__main__":
    main()
