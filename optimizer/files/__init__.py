"""Folders on disk: the only place that reads and writes TOML and CSV."""
