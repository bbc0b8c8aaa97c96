"""Pure: frozen values, transition tables, rules. No I/O, no clock, no framework."""
