"""Two plans side by side, and what causes the difference."""
