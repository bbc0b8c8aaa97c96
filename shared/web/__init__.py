"""HTTP conventions that every API keeps: problems, idempotency, paging, conditional requests, strict input."""
