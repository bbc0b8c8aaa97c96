"""What an officer fills in on the desk, as the bodies that the API takes. Raises: ValidationError, as those do."""

from collections.abc import Mapping
from typing import Any, Final

from pydantic import TypeAdapter

from gateway.matters.api.task_bodies import CompletionIn, RefusalIn, ReturnIn, VisitIn
from shared.web.fields import Code

_FINDINGS: Final = (1, 2, 3)
_KIND: Final[TypeAdapter[str]] = TypeAdapter(Code)


def completion_in(fields: Mapping[str, str]) -> CompletionIn:
    return CompletionIn(
        result={name: fields[name] for name in ("status", "number", "note") if fields.get(name)}
    )


def return_in(fields: Mapping[str, str]) -> ReturnIn:
    findings = [_finding(fields, number) for number in _FINDINGS if fields.get(f"what_{number}")]
    return ReturnIn.model_validate({"reason": fields.get("reason", ""), "findings": findings})


def refusal_in(fields: Mapping[str, str]) -> RefusalIn:
    return RefusalIn(reason=fields.get("reason", ""), legal_basis=fields.get("legal_basis", ""))


def visit_in(fields: Mapping[str, str]) -> VisitIn:
    return VisitIn(reason=fields.get("reason", ""))


def kind_in(fields: Mapping[str, str]) -> str:
    return _KIND.validate_python(fields.get("kind", ""))


def _finding(fields: Mapping[str, str], number: int) -> dict[str, Any]:
    """`field:<key>` is wrong, the file on record of `defect:<kind>` is, or a file is `missing`."""
    what, _, name = fields[f"what_{number}"].partition(":")
    why = fields.get(f"why_{number}") or fields.get("reason", "")
    if what == "field":
        return {"form_field": name, "text_zh": why}
    if what == "defect":
        return {"material": name, "text_zh": why, "defect": why}
    return {"material": fields.get(f"code_{number}", ""), "text_zh": why}
