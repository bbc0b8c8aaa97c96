"""What developers look up: the merged API document, its page, and a page for every problem type."""
