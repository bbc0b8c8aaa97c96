"""What the pages show of cases, in one language."""

from dataclasses import dataclass
from datetime import datetime

from gateway.progress.api.words import STATES, civil, due_words
from gateway.progress.domain.case import Case, CaseState, Followed, Title
from gateway.progress.domain.followed_events import text_of
from gateway.progress.domain.standings import standing_of
from gateway.progress.use_cases.read_progress import Told
from gateway.progress.use_cases.wording import Wording


@dataclass(frozen=True)
class CaseView:
    reference: str
    title: str
    state: str
    now: str
    then: str
    unit: str
    due: str
    is_late: bool
    opened: str
    waits: bool
    is_ended: bool


@dataclass(frozen=True)
class EntryView:
    at: str
    text: str
    about: str
    unit: str
    note: str


@dataclass(frozen=True)
class ResultView:
    number: str
    path: str


@dataclass(frozen=True)
class Pen:
    """Writes in one language, at one moment."""

    wording: Wording
    english: bool
    now: datetime

    def say(self, title: Title) -> str:
        return title.en if self.english else title.zh

    def case(self, followed: Followed) -> CaseView:
        """A case with its parts, in a few lines."""
        case = followed.case
        waits = followed.waits_for_applicant
        state = CaseState.RETURNED if waits else case.state
        return CaseView(
            reference=case.reference,
            title=self.say(self.wording.title(case)),
            state=STATES[state][self.english],
            now=self.say(self.wording.now(followed)),
            then=self.say(self.wording.then(followed)),
            unit=self._unit(case),
            due=self._due(case),
            is_late=followed.is_overdue,
            opened=civil(case.opened_at),
            waits=waits,
            is_ended=case.state.is_ended,
        )

    def part(self, part: Case, matter: Case) -> CaseView:
        """A part of a matter."""
        stands = standing_of(part.kind, part.own_state)
        return CaseView(
            reference=part.reference,
            title=self.say(self.wording.title(part, matter)),
            state=STATES[part.state][self.english],
            now=self.say(stands.now),
            then=self.say(stands.then),
            unit=self._unit(part),
            due=self._due(part),
            is_late=part.is_overdue and not part.state.is_ended,
            opened=civil(part.opened_at),
            waits=part.state is CaseState.RETURNED,
            is_ended=part.state.is_ended,
        )

    def history(self, told: Told) -> list[EntryView]:
        """What happened, the newest first."""
        matter = told.followed.case
        return [
            EntryView(
                at=civil(happening.at),
                text=self.say(text_of(happening.what)),
                about=self.say(self.wording.title(case, matter)) if case.key != matter.key else "",
                unit=self.say(self.wording.agency(happening.unit_uscc)) if happening.unit_uscc else "",
                note=self.say(happening.note) if happening.note else "",
            )
            for case, happening in reversed(told.history)
        ]

    def to_do(self, told: Told) -> list[str]:
        """What the applicant has to do: the words with which it was last sent back, part by part."""
        waiting = [case for case in told.followed.all_cases if case.state is CaseState.RETURNED]
        return [self._asked(case, told) for case in waiting] if told.followed.waits_for_applicant else []

    def _asked(self, case: Case, told: Told) -> str:
        matter = told.followed.case
        asked = self.say(standing_of(case.kind, case.own_state).then)
        notes = [h.note for each, h in told.history if each.key == case.key and h.note is not None]
        said = self.say(notes[-1]) if notes else ""
        words = f"{asked}: {said}" if self.english else f"{asked}：{said}"
        title = self.say(self.wording.title(case, matter))
        return f"{title} · {words if said else asked}"

    def _unit(self, case: Case) -> str:
        unit = self.wording.unit(case)
        return self.say(unit[1]) if unit else ""

    def _due(self, case: Case) -> str:
        if case.due_at is None or case.state.is_ended:
            return ""
        return due_words(case.due_at, self.now, english=self.english)
