"""HTTP in: handing in files and getting one's own back."""
