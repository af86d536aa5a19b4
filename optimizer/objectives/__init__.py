"""What is minimised: one file, one objective."""
