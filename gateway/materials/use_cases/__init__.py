"""One verb per file: hand in, attach, read, forget."""
