"""The gateway: identity, proxy, matters, catalogue, subscriptions, audit. Imports no service."""
