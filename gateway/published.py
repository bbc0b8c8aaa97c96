"""Events that the gateway publishes, by part."""

from gateway.parts import PUBLISHED

__all__ = ["PUBLISHED"]
