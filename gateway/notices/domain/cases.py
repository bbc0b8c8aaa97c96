"""What is remembered of a case, for the events of it that do not say whose it is."""

from dataclasses import dataclass, replace

from gateway.notices.domain.news import News


@dataclass(frozen=True)
class CaseMemory:
    """Number, applicant, who acted for an enterprise that is the applicant, and the theme of a matter."""

    case_id: str
    case_no: str
    applicant: str
    acting: tuple[str, ...] = ()
    theme: str | None = None


def actors_of(reference: str | None) -> tuple[str, ...]:
    """Return who acts by an event's `actor` (`enterprise:<code>;by:<person>`), the nearest first; clients too."""
    if reference is None:
        return ()
    return tuple(reversed([part.removeprefix("by:") for part in reference.split(";")[1:]]))


def remembered(before: CaseMemory | None, news: News, actors: tuple[str, ...]) -> CaseMemory | None:
    """Return what is known of the case after this news; None while nobody said whose it is.

    Who acted is taken from the event that first names the applicant: the one by which the case began.
    """
    if before is None:
        if news.applicant is None:
            return None
        number = news.case_no or news.case_id
        return CaseMemory(news.case_id, number, news.applicant, actors, news.named.theme)
    return replace(before, case_no=news.case_no or before.case_no, theme=news.named.theme or before.theme)
