"""Tables for people: one set of tables, rendered for the terminal and as HTML."""
