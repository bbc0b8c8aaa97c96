"""The desk works on matters: the gateway with services that answer as a test orders."""

from tests.gateway.matters.conftest import clock, front, pack_directory

__all__ = ["clock", "front", "pack_directory"]
