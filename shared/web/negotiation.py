"""Which form of an answer a reader prefers: a page for people or JSON for machines (RFC 9110 section 12)."""


def prefers_html(accept: str | None) -> bool:
    """Whether `Accept` ranks text/html before JSON; JSON where it says nothing."""
    html = json = 0.0
    for part in (accept or "").split(","):
        kind, *parameters = (piece.strip().lower() for piece in part.split(";"))
        weight = _quality(parameters)
        if kind == "text/html":
            html = max(html, weight)
        elif kind in ("application/json", "application/*"):
            json = max(json, weight)
    return html > json


def _quality(parameters: list[str]) -> float:
    written = next((p[2:] for p in parameters if p.startswith("q=")), "1")
    try:
        return float(written)
    except ValueError:
        return 0.0
