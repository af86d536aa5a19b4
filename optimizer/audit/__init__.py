"""Measuring a plan, and a stored solution, from the raw tables alone."""
