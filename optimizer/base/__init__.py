"""Words, errors, labels, integers: what knows nothing of cities."""
