"""Asks a running process over HTTP whether it is ready, and if not, why."""

import json
import urllib.error
import urllib.request
from dataclasses import dataclass


@dataclass(frozen=True)
class Readiness:
    """An answer to `GET /readyz`; `reason` is empty when ready."""

    ready: bool
    reason: str = ""


def readiness(base_url: str, *, timeout: float = 2.0) -> Readiness:
    """Never raises: whatever happened is the reason."""
    try:
        with urllib.request.urlopen(f"{base_url}/readyz", timeout=timeout):  # noqa: S310 - our own loopback URL
            return Readiness(ready=True)
    except urllib.error.HTTPError as error:
        return Readiness(ready=False, reason=_stated_reason(error.read(4096), error.code))
    except (OSError, ValueError) as error:
        return Readiness(ready=False, reason=f"no answer ({getattr(error, 'reason', None) or error})")


def _stated_reason(body: bytes, code: int) -> str:
    try:
        document = json.loads(body)
    except ValueError:
        return f"HTTP {code}"
    if not isinstance(document, dict):
        return f"HTTP {code}"
    checks = document.get("checks")
    if isinstance(checks, dict):
        failing = [f"{name}: {state}" for name, state in checks.items() if state not in (True, "ok")]
        if failing:
            return "; ".join(failing)
    return str(document.get("detail") or document.get("title") or f"HTTP {code}")
