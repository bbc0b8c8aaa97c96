"""Rows to materials and back; the only code that knows SQL."""
