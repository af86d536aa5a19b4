"""What turns rules into rows has a version: other rows of the same rules need another."""

import hashlib
from dataclasses import replace

from optimizer.constraints import OURS, origins, registry
from optimizer.files.rule_versions import MODEL
from optimizer.model.build import build
from optimizer.objectives.staff_cost import StaffCost
from optimizer.objectives.travel import Travel

ROWS = {1: "e2f5a63f7c0ed0ea"}
"""Version of the model -> hash over the rows of every rule's example, and of two objectives."""


def test_other_rows_need_another_version():
    """Where the rows of the examples change though no rule did, raise MODEL in files/rule_versions.py;
    where a rule changed, its file tells, and the hash is recorded anew here.
    """
    digest = hashlib.sha256()
    for name in sorted(name for name, origin in origins().items() if origin == OURS):
        example = registry()[name].examples()
        city = replace(example.instance, objectives=(StaffCost(), Travel()))
        model = build(city, [example.entry])
        for objective in model.objectives:
            matrix = model.program.matrix(objective)
            digest.update(name.encode())
            for array in matrix[:-1]:
                digest.update(array.tobytes())
    assert digest.hexdigest()[:16] == ROWS[MODEL]
