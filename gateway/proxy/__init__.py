"""The proxy: the hot path in pure ASGI, stateless; it authenticates, limits, records and forwards."""
