"""Events that the gateway follows, by part."""

from gateway.parts import CONSUMERS

__all__ = ["CONSUMERS"]
