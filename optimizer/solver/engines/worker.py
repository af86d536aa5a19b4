"""The child process: loads the engine named by its argument, solves job after job, prints one JSON event a line."""

import json
import os
import queue
import resource
import signal
import sys
import threading
from pathlib import Path
from typing import Any

import numpy as np

from optimizer.solver.engines import cbc, job, mathopt, pulp
from optimizer.solver.engines.capability import engine

ADAPTERS = {"mathopt": mathopt, "cbc": cbc, "pulp": pulp}


def main() -> None:
    """Take the folder of a job per line of stdin; answer with events on stdout; end with stdin."""
    can = engine(sys.argv[1])
    adapter = ADAPTERS[can.adapter]
    events = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever a solver prints itself goes to stderr
    jobs: queue.Queue[str | None] = queue.Queue()
    threading.Thread(target=_receive, args=(jobs,), daemon=True).start()

    def report(event: dict[str, Any]) -> None:
        events.write(json.dumps(event) + "\n")
        events.flush()

    while (line := jobs.get()) is not None:
        folder = Path(line)
        arrays, settings = job.read(folder)
        if settings.memory:
            resource.setrlimit(resource.RLIMIT_AS, (settings.memory, settings.memory))
        answer, values = adapter.solve(can, arrays, settings, folder, report)
        if values is not None:
            np.save(folder / job.SOLUTION, values)
        report({"answer": answer, "engine": can.name, "version": adapter.version(can)})


def _receive(jobs: "queue.Queue[str | None]") -> None:
    """Hand on jobs; when stdin closes, end at once, so that a killed parent leaves no solver.

    The child leads a process group of its own; what it runs in turn is killed with it.
    """
    for line in sys.stdin:
        jobs.put(line.rstrip("\n"))
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    main()
