"""What a rule is, and what comes of applying one: shown to the applicant and kept with the filing."""

from dataclasses import dataclass
from enum import StrEnum

from services.registration.domain.policy import Wording


class Outcome(StrEnum):
    """`fault` sends the filing back, `referred` leaves it to a registrar, `noted` asks for a later look."""

    PASSED = "passed"
    NOTED = "noted"
    REFERRED = "referred"
    FAULT = "fault"


@dataclass(frozen=True)
class Rule:
    """A rule with its id and its legal basis."""

    id: str
    basis: Wording
    statement: Wording


@dataclass(frozen=True)
class RuleResult:
    """One rule applied to one place of the filing (JSON pointer)."""

    rule: str
    outcome: Outcome
    pointer: str
    basis_zh: str
    basis_en: str
    text_zh: str
    text_en: str


def passed(rule: Rule, pointer: str) -> RuleResult:
    """The rule holds."""
    return _result(rule, Outcome.PASSED, pointer, rule.statement)


def fault(rule: Rule, pointer: str, zh: str, en: str) -> RuleResult:
    """The rule is broken."""
    return _result(rule, Outcome.FAULT, pointer, Wording(zh, en))


def referred(rule: Rule, pointer: str, zh: str, en: str) -> RuleResult:
    """The rule needs a registrar's judgement."""
    return _result(rule, Outcome.REFERRED, pointer, Wording(zh, en))


def noted(rule: Rule, pointer: str, zh: str, en: str) -> RuleResult:
    """The rule holds for now and asks for a look after registration."""
    return _result(rule, Outcome.NOTED, pointer, Wording(zh, en))


def _result(rule: Rule, outcome: Outcome, pointer: str, text: Wording) -> RuleResult:
    return RuleResult(rule.id, outcome, pointer, rule.basis.zh, rule.basis.en, text.zh, text.en)
