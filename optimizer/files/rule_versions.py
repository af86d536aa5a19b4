"""Which rules a plan was made under: what a stored bound needs beside the instance to count."""

import hashlib
import inspect
from pathlib import Path

from optimizer import objectives
from optimizer.model import expressions
from optimizer.model.instance import Instance

MODEL = 1
"""Version of what turns rules into rows (`city/`, `model/`); raised where the same files and rules
give other rows, which `tests/files/test_rule_versions.py` sees.
"""


def rules_of(instance: Instance) -> str:
    """Return the SHA-256 over the files of the rules that `instance` uses, wherever they come from,
    of all objectives and shared expressions, and over the version of the model.
    """
    used = {type(entry) for entry in instance.entries}
    files = {rule.type_name(): Path(inspect.getfile(rule)) for rule in used}
    for package in (objectives, expressions):
        for folder in package.__path__:
            files |= {f"{package.__name__}/{p.name}": p for p in Path(folder).glob("*.py")}
    digest = hashlib.sha256(f"{MODEL}\0".encode())
    for name, path in sorted(files.items()):
        content = path.read_bytes()
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()
