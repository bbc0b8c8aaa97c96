"""Events between services: CloudEvents, outbox, relay, consumer, inbox, parking, replay. Only this package touches NATS."""
