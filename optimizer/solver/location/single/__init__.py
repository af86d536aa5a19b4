"""An exact method for location problems with capacities in which nobody is served by two sites."""
