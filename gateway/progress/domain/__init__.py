"""What progress is, apart from HTTP, events and the database."""
