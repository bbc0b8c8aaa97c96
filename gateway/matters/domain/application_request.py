"""The matter's form as an application for a comprehensive permit (行业综合许可申请)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gateway.matters.domain.filing_request import Body, Places


@dataclass(frozen=True)
class ApplicationForm:
    """What the industry's scheme takes from the form.

    `own_fields` are the scheme's common fields that no event tells; `sections` the permits that the answers call
    for and that ask something of their own.
    """

    values: Mapping[str, Any]
    industry_code: str
    scope_field: str
    own_fields: Sequence[str]
    sections: Sequence[str]
    commitments: Sequence[str]


def application_request(form: ApplicationForm, matter_id: str) -> tuple[Body, Places]:
    """Return the body, but for the enterprise's credit code, and the way back from its pointers."""
    own = {name: form.values[name] for name in form.own_fields if name in form.values}
    permits = {item: form.values["permits"][item] for item in form.sections}
    body: Body = {
        "industry_code": form.industry_code,
        "matter_id": matter_id,
        "answers": dict(form.values["answers"]),
        "form": {**own, "permits": permits},
        "commitments": list(form.commitments),
    }
    places = (
        ("/industry_code", f"/form/{form.scope_field}"),
        ("/answers", "/form/answers"),
        ("/form", "/form"),
        ("/commitments", "/commitments"),
    )
    return body, places


def with_enterprise(body: Mapping[str, Any], uscc: str) -> Body:
    """The body once the enterprise has its credit code."""
    return {**body, "uscc": uscc}
