"""Valid files, spoilt a little: whatever becomes of them, the answer is words, never a traceback."""
