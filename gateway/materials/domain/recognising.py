"""Is a file what it says it is? By its first and last bytes; a file that only pretends is not kept."""

from typing import Final

from gateway.materials.domain.material import FileNotTaken, MediaType

_BEGINNINGS: Final = {
    MediaType.PDF: b"%PDF-",
    MediaType.JPEG: b"\xff\xd8\xff",
    MediaType.PNG: b"\x89PNG\r\n\x1a\n",
}
_ENDS: Final = {
    MediaType.PDF: b"%%EOF",
    MediaType.JPEG: b"\xff\xd9",
    MediaType.PNG: b"IEND\xaeB`\x82",
}
_END_WITHIN: Final = 1024
"""Programs append a few bytes; further from the end the file was cut off."""
_JSON_BEGINNINGS: Final = (b"{", b"[")


def check_file(content: bytes, media_type: MediaType) -> None:
    """Raises: FileNotTaken for an empty, foreign or cut-off file."""
    if not content:
        raise FileNotTaken("empty")
    if media_type is MediaType.JSON:
        if not content.lstrip()[:1].startswith(_JSON_BEGINNINGS):
            raise FileNotTaken("not_what_it_says")
        return
    if not content.startswith(_BEGINNINGS[media_type]):
        raise FileNotTaken("not_what_it_says")
    if _ENDS[media_type] not in content[-_END_WITHIN:]:
        raise FileNotTaken("cut_off")
