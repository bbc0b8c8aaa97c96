"""Events that the hotline service publishes: the published language, versioned."""
