"""What may be asked for and what may be shared: service items, and data resources with their grants."""
