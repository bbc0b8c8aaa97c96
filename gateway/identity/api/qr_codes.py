"""QR codes on pages, as SVG."""

import io

import segno


def drawn(content: str) -> str:
    """Draw it dark on light also where the page is dark, as readers expect it."""
    svg = io.BytesIO()
    code = segno.make(content, error="m", micro=False)
    code.save(svg, kind="svg", light="#fff", omitsize=True, xmldecl=False, svgclass=None, lineclass=None)
    return svg.getvalue().decode()
