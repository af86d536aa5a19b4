"""Many scenarios of one instance, solved and kept."""
