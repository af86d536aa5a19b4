"""Solvers, each in a child process of its own; nothing outside this folder imports one."""
