"""Proofs of "no plan costs less": text (the rows), make (finds a proof), check (reads it), vipr.

docs/proof.md says the form in words, so that an auditor can write a checker of their own.
"""
