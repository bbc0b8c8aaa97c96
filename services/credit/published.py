"""Events that the credit service publishes: the published language, versioned."""
