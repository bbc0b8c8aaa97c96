"""The gateway's catalogue: which data there is and who was granted what."""
