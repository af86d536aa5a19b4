"""Instance -> Plan and Outcome: engines, search, the location method."""
