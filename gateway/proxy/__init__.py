"""The hot path: pure ASGI, stateless; verifies, limits, records and forwards."""
