"""Rows and back."""
