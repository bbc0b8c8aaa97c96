"""Events between services: outbox, relay, consumer, inbox, parking, replay. Only this package touches NATS."""
