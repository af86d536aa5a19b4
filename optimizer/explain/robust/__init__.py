"""What holds in every plan of about the same cost."""
