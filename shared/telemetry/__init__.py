"""Logs, metrics and trace context; ids are bound once per request or event and travel with events."""
