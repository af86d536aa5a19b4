"""Why it is so, and what it would take to be otherwise."""
