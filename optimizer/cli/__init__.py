"""The command line: a command parses, calls one verb, renders."""
