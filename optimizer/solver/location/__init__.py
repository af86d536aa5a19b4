"""An exact method for pure location problems, found by the structure of a program."""
