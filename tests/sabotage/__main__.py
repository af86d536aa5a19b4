"""`python -m tests.sabotage [--each N] [--seed S] [--json]`: the kill rate by constraint and kind.

Ends with 1 where an attempt survives, that is, where `verify` or the checker of proofs has a hole.
"""

import argparse
import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.sabotage.table import attempts, data, lines

parser = argparse.ArgumentParser(prog="python -m tests.sabotage", description=__doc__)
parser.add_argument("--each", type=int, default=6, help="how often each counterexample tries")
parser.add_argument("--seed", type=int, default=0)
parser.add_argument("--json", action="store_true")
asked = parser.parse_args()
with TemporaryDirectory() as folder:
    found = list(attempts(Path(folder), asked.each, asked.seed, asked.each))
if asked.json:
    print(json.dumps(data(found), ensure_ascii=False, indent=2))
else:
    print(*lines(found), sep="\n")
sys.exit(0 if all(attempt.killed for attempt in found) else 1)
