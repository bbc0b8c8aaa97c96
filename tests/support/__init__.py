"""What tests stand on: one PostgreSQL cluster per run, a broker per module, apps and workers in process."""
