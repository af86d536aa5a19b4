"""Rules that cannot hold together, and what would let them."""
