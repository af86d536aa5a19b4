"""The child process: loads one engine, solves one job, prints one JSON event a line."""

import json
import os
import resource
import sys
import threading
from pathlib import Path
from typing import Any

import numpy as np

from optimizer.engines import job, mathopt


def main(folder: Path) -> None:
    """Solve the job in `folder`; events go to stdout, the column values to a file."""
    events = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever a solver prints itself goes to stderr
    threading.Thread(target=_die_with_parent, daemon=True).start()

    def report(event: dict[str, Any]) -> None:
        events.write(json.dumps(event) + "\n")
        events.flush()

    arrays, settings = job.read(folder)
    if settings.memory:
        resource.setrlimit(resource.RLIMIT_AS, (settings.memory, settings.memory))
    report({"engine": "HiGHS", "version": mathopt.version()})
    answer, values = mathopt.solve(arrays, settings, folder, report)
    if values is not None:
        np.save(folder / job.SOLUTION, values)
    report({"answer": answer})


def _die_with_parent() -> None:
    """End when stdin closes, so that a killed parent leaves no solver behind."""
    sys.stdin.read()
    os._exit(1)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
