"""Answers of the commands as text."""
