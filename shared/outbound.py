"""Clients for calls to other systems: which authorities are trusted is read once per process, not once per client."""

import ssl
from functools import cache

import httpx


@cache
def trusted_authorities() -> ssl.SSLContext:
    """The context that checks the other side's certificate; reading its list takes 20 ms."""
    return httpx.create_ssl_context(trust_env=False)


def outbound_client(timeout: float = 5.0) -> httpx.AsyncClient:
    """A client that heeds no proxy or certificate variables of the environment; `timeout` in seconds."""
    return httpx.AsyncClient(trust_env=False, verify=trusted_authorities(), timeout=timeout)
