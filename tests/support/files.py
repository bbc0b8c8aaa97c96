"""Small files of each kind that the suite takes, and one that only pretends."""

PDF = b"%PDF-1.4\n1 0 obj\n<< >>\nendobj\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 16 + b"IEND\xaeB`\x82"
JPEG = b"\xff\xd8\xff\xe0" + b"\x00" * 16 + b"\xff\xd9"
PROGRAM = b"MZ\x90\x00" + b"\x00" * 32


def pdf(text: str) -> bytes:
    """A file of its own, by what it says."""
    return PDF.replace(b"<< >>", b"<< /Title (" + text.encode() + b") >>")
