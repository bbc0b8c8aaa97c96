"""HTTP in: one module per resource, under `/registration/v1`; `routers` has them all."""
