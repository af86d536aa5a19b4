"""Errors reach the process that asked: they come through a pickle as they were."""

import pickle

from optimizer.base.errors import EngineError, refuse
from optimizer.base.words import Text


def test_errors_survive_the_way_from_a_worker():
    """Else one bad case would break the pool for all others."""
    wrong = refuse(Text("bad", "悪い"), Text("mend", "直す"), file="x.csv", row=3)
    again = pickle.loads(pickle.dumps(wrong))
    assert again.problems == wrong.problems and str(again) == str(wrong)
    failed = EngineError(Text("gone", "終了"))
    assert pickle.loads(pickle.dumps(failed)).message == failed.message
