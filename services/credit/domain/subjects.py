"""Credit subjects (信用主体): an enterprise as the credit register knows it, with its present evaluation."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from services.credit.domain.evaluation import Evaluation
from shared.identifiers import Uscc


@dataclass(frozen=True)
class Enterprise:
    """What registration says of an enterprise; `state` in registration's own words."""

    uscc: Uscc
    name: str
    state: str
    established_on: date | None


@dataclass(frozen=True)
class Subject:
    """An open credit subject; `evaluation_number` counts its evaluations from 1."""

    enterprise: Enterprise
    opened_at: datetime
    evaluation: Evaluation | None = None
    evaluation_number: int = 0

    @property
    def uscc(self) -> Uscc:
        """Its key."""
        return self.enterprise.uscc

    def evaluated_as(self, evaluation: Evaluation) -> "Subject":
        """The subject after one evaluation more."""
        return replace(self, evaluation=evaluation, evaluation_number=self.evaluation_number + 1)

    def is_due_for_review(self, today: date, scorecard_version: str) -> bool:
        """Tell whether time may have changed the evaluation, or another score card made it."""
        made = self.evaluation
        return (
            made is None
            or made.scorecard_version != scorecard_version
            or (made.review_on is not None and made.review_on <= today)
        )
