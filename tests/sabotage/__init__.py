"""Saboteurs: what people do to plans, instances, records and proofs, all of which must be found out.

`python -m tests.sabotage` tries many and prints the kill rate by constraint and by kind.
"""
