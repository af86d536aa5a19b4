"""A page for each district, and answers to public comments."""
