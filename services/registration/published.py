"""Events that the registration service publishes: the published language, versioned."""
