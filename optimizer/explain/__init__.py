"""Explanations: from further exact solves, never from the prices of one."""
