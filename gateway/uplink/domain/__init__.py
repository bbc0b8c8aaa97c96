"""Pure: records, their life cycle, what events say upward."""
