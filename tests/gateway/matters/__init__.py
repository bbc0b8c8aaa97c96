"""Matters: through the gateway's API and by events, against services that speak real HTTP."""
