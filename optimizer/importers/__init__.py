"""Makers of instance tables from other sources."""
