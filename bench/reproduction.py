"""What the bench/reproduce-* scripts share: they run tacit, and with --write they record what came
out in docs/figures.csv, which tests/figures.py holds README and docs against.

A row is a figure: its name, the value, the digest of the run that gave it (of several runs: that of
their digests), and the command that writes the row. A command replaces its own rows, no others.
"""
import csv
import hashlib
import json
import pathlib
import subprocess
import sys

TOP = pathlib.Path(__file__).resolve().parent.parent
TACIT = TOP / "build/release/bin/tacit"
EXPERIMENTS = TOP / "deploy/experiments"
TABLE = TOP / "docs/figures.csv"
COLUMNS = ["figure", "value", "digest", "command"]


def tacit(*words):
    """Standard output of a command; 1 as exit code: a constraint does not hold, as some show."""
    words = [str(word) for word in (TACIT, *words)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        sys.exit(f"{' '.join(words)}: exit code {done.returncode}\n{done.stderr}")
    return done.stdout


def run(file, *words):
    """summary.json of a run of an experiment file."""
    return json.loads(tacit("run", EXPERIMENTS / file, "--json", "--no-report", *words))


def sweep(file, folder, *words):
    """table.csv of a sweep, a dictionary per run; a folder of the same sweep is gone on with."""
    tacit("sweep", EXPERIMENTS / file, "--out", folder, *words)
    with open(pathlib.Path(folder, "table.csv"), encoding="utf-8") as table:
        return list(csv.DictReader(table))


def settings(overrides):
    """The words -s KEY=VALUE of each."""
    return [word for override in overrides for word in ("-s", override)]


def digest_of(digests):
    """The digest of one run, or one that stands for those of several."""
    digests = list(digests)
    if len(digests) == 1:
        return digests[0]
    return hashlib.sha256("\n".join(digests).encode()).hexdigest()[:16]


def file_digest(path):
    return hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()[:16]


def parse(parser, fixed):
    """The command line with --write, which goes only with the defaults of the options `fixed`:
    what the pages quote is what their command gives as it stands."""
    parser.add_argument("--write", action="store_true", help="record all in docs/figures.csv")
    chosen = parser.parse_args()
    for name in fixed:
        if chosen.write and getattr(chosen, name) != parser.get_default(name):
            parser.error(f"--write goes with the default of --{name.replace('_', '-')} only")
    return chosen


class Figures:
    """What a command found, in the order in which it was found."""

    def __init__(self):
        self.rows = []

    def add(self, name, digests, **values):
        """Figures '<name> <metric>'; `digests` of all runs that they come from."""
        digest = digest_of(digests)
        self.rows += [{"figure": f"{name} {metric}", "value": repr(float(value)), "digest": digest}
                      for metric, value in values.items()]

    def write(self, command, table=TABLE):
        """Puts them into the table in place of what this command wrote before."""
        rows = []
        if table.exists():
            with open(table, encoding="utf-8", newline="") as file:
                rows = list(csv.DictReader(file))
        place = next((at for at, row in enumerate(rows) if row["command"] == command), len(rows))
        kept = [row for row in rows if row["command"] != command]
        kept[place:place] = [row | {"command": command} for row in self.rows]
        with open(table, "w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
            writer.writeheader()
            writer.writerows(kept)
