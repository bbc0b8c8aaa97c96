"""The QR code by which anyone finds the page that verifies a certificate."""

import io

import segno


def qr_svg(url: str) -> str:
    """Draw `url` as a QR code, an SVG element for a page; raises ValueError unless it is http(s)."""
    if not url.startswith(("https://", "http://")):
        raise ValueError("a QR code leads to an http(s) address")
    drawn = io.BytesIO()
    segno.make(url, error="m", micro=False).save(drawn, kind="svg", scale=4, xmldecl=False, nl=False)
    return drawn.getvalue().decode()
