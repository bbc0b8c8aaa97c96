"""Integrations (外部系统对接): how systems outside the suite are connected: events, calls, files."""
