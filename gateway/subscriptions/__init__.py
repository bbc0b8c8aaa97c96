"""The gateway's subscriptions: who follows which events, and how far they are."""
