"""The commands: one file each, with its words and options. What they do is imported when they run."""
