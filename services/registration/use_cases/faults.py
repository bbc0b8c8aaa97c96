"""Broken rules as a refusal lists them."""

from collections.abc import Iterable

from services.registration.domain.rule import Outcome, RuleResult
from shared.web.problems import FieldFault


def faults_of(results: Iterable[RuleResult]) -> tuple[FieldFault, ...]:
    """All faults, each at its place."""
    return tuple(
        FieldFault(r.pointer, r.rule, r.text_zh, r.text_en) for r in results if r.outcome is Outcome.FAULT
    )
