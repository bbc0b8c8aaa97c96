"""Events that the registration service follows: one function per event, each calls one use case."""

from shared.messaging.topology import Consumer

CONSUMERS: tuple[Consumer, ...] = ()
