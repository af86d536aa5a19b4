"""What the tables of a city say and mean, frozen; nothing is decided here."""
