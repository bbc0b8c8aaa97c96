"""The commands of `tongban`, one module per group."""
