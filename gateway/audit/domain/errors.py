"""Refusals of the audit part."""

from dataclasses import dataclass


@dataclass(eq=False)
class AuditorsOnly(Exception):
    """Only the data bureau audits everybody's readings (审计)."""
