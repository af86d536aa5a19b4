"""The rules: one file, one constraint."""
