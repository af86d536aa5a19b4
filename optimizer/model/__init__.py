"""Algebra, program, decisions, and what a constraint and an objective are."""
