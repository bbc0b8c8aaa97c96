"""One verb per file: lock, decide, save, announce."""
