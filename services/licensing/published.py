"""Events that the licensing service publishes: the published language, versioned."""
