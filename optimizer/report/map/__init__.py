"""The city drawn, and as map layers."""
