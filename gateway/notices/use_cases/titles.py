"""What themes, steps and permits are called, by the region pack; and how amounts and times are written."""

from datetime import datetime

from gateway.notices.domain.news import Named, News
from gateway.notices.domain.notice import Language
from gateway.notices.domain.templates import Texts
from shared.calendar import CHINA
from shared.region import RegionPack, Text


class Titles:
    """Looks names up; what the pack no longer has keeps its key."""

    def __init__(self, region: RegionPack) -> None:
        self._themes = {theme.key: theme for theme in region.matters}
        self._items = {item.key: item.name for item in region.permit_items}

    def values(self, news: News, case_no: str, theme: str | None, language: Language) -> dict[str, str]:
        """What the places of a template are filled with."""
        values = {
            "case_no": case_no,
            "title": self._title(news.named, theme).in_language(language),
            "step": self._step(news.named, theme).in_language(language),
            "due": _due(news.due_at),
            "amount": _amount(news.amount_fen, language),
            "number": news.number,
        }
        return {place: value for place, value in values.items() if value}

    def _title(self, named: Named, theme: str | None) -> Texts:
        if named.zh:
            return Texts(named.zh, named.en)
        known = self._themes.get(theme or "")
        return _texts(known.title) if known else Texts(theme or "", theme or "")

    def _step(self, named: Named, theme: str | None) -> Texts:
        if named.item is not None:
            item = self._items.get(named.item)
            return _texts(item) if item else Texts(named.item, named.item)
        known, key = self._themes.get(theme or ""), named.step or ""
        if known is not None:
            parts = {step.key: step.title for step in known.steps} | {
                task.key: task.title for task in known.tasks
            }
            if key in parts:
                return _texts(parts[key])
        return Texts(key, key)


def _texts(text: Text) -> Texts:
    return Texts(text.zh, text.en)


def _due(at: datetime | None) -> str:
    return at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M") if at else ""


def _amount(fen: int | None, language: Language) -> str:
    if fen is None:
        return ""
    written = f"{fen // 100}.{fen % 100:02d}"
    return f"CNY {written}" if language is Language.EN else f"{written} 元"
