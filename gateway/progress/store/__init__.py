"""Rows to domain objects and back; the only code that knows SQL."""
