"""Drafts (草稿): saved as far as they are filled, checked when asked, handed in as a matter."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from gateway.deliveries.public import DeliveryChoice
from gateway.materials.public import keep_until
from gateway.matters.domain.model import Case
from gateway.matters.store.drafts import Draft, DraftStore
from gateway.matters.use_cases.acting import Actor
from gateway.matters.use_cases.assistance import record_window
from gateway.matters.use_cases.enterprises import enterprise_for
from gateway.matters.use_cases.form_checks import FormNotAccepted, confidential_faults, form_faults
from gateway.matters.use_cases.open_matter import OpenMatter, open_matter
from gateway.matters.use_cases.planning import request_faults
from gateway.matters.use_cases.themes import find_theme
from shared.database.unit_of_work import UnitOfWork
from shared.identifiers import new_uuid7
from shared.identifiers.channel import Channel
from shared.region import RegionPack
from shared.web.problems import FieldFault

BATCH: Final = 500


@dataclass(frozen=True)
class DraftContent:
    """What was typed of what opens a matter: any of it may be missing."""

    theme: str
    form: dict[str, Any]
    commitments: tuple[str, ...]
    uscc: str | None
    materials: tuple[UUID, ...]
    channel: Channel
    filing_region: str | None = None
    confidential_fields: tuple[str, ...] = ()
    delivery: DeliveryChoice | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "form": self.form,
            "commitments": list(self.commitments),
            "uscc": self.uscc,
            "materials": [str(each) for each in self.materials],
            "filing_region": self.filing_region,
            "confidential_fields": list(self.confidential_fields),
            "delivery": self.delivery.model_dump(mode="json") if self.delivery else None,
        }

    @classmethod
    def of(cls, draft: Draft) -> "DraftContent":
        kept = draft.content
        delivery = kept.get("delivery")
        return cls(
            theme=draft.theme,
            form=dict(kept["form"]),
            commitments=tuple(kept["commitments"]),
            uscc=kept["uscc"],
            materials=tuple(UUID(each) for each in kept["materials"]),
            channel=draft.channel,
            filing_region=kept.get("filing_region"),
            confidential_fields=tuple(kept.get("confidential_fields", ())),
            delivery=DeliveryChoice.model_validate_json(json.dumps(delivery)) if delivery else None,
        )

    def command(self, actor: Actor) -> OpenMatter:
        """What is handed in with it."""
        return OpenMatter(
            theme=self.theme,
            form=self.form,
            channel=self.channel,
            commitments=self.commitments,
            actor=actor,
            uscc=self.uscc,
            filing_region=self.filing_region,
            materials=self.materials,
            confidential_fields=self.confidential_fields,
            delivery=self.delivery,
        )


async def save_draft(
    content: DraftContent, actor: Actor, pack: RegionPack, uow: UnitOfWork, now: datetime
) -> Draft:
    """Raises: ThemeNotFound."""
    theme = find_theme(pack, content.theme)
    draft = Draft(
        id=new_uuid7(),
        owner=actor.subject,
        theme=theme.key,
        content=content.to_json(),
        channel=actor.opening_channel(content.channel),
        created_at=now,
        changed_at=now,
        expires_at=_expiry(pack, now),
    )
    await DraftStore(uow.session).add(draft)
    await keep_until(draft.expires_at, content.materials, draft.owner, uow)
    record_window(actor.caller, draft.owner, str(draft.id), "draft", uow, now)
    return draft


async def read_draft(draft_id: UUID, actor: Actor, uow: UnitOfWork, now: datetime) -> Draft:
    """Raises: DraftNotFound, for another's too; so do all others. An officer's look is recorded."""
    draft = await DraftStore(uow.session).lock(draft_id, actor.subject, now)
    record_window(actor.caller, draft.owner, str(draft.id), "reading", uow, now)
    return draft


async def change_draft(
    draft_id: UUID,
    content: DraftContent,
    actor: Actor,
    pack: RegionPack,
    check_version: Callable[[int], None],
    uow: UnitOfWork,
    now: datetime,
) -> Draft:
    """Its time begins anew. Raises also: ThemeNotFound, and what `check_version` raises."""
    store = DraftStore(uow.session)
    draft = await store.lock(draft_id, actor.subject, now)
    check_version(draft.version)
    changed = replace(
        draft,
        theme=find_theme(pack, content.theme).key,
        content=content.to_json(),
        channel=actor.opening_channel(content.channel),
        changed_at=now,
        expires_at=_expiry(pack, now),
        version=draft.version + 1,
    )
    await store.save(changed)
    await keep_until(changed.expires_at, content.materials, changed.owner, uow)
    record_window(actor.caller, draft.owner, str(draft.id), "draft", uow, now)
    return changed


async def delete_draft(
    draft_id: UUID, actor: Actor, check_version: Callable[[int], None], uow: UnitOfWork, now: datetime
) -> None:
    """Raises also what `check_version` raises."""
    store = DraftStore(uow.session)
    draft = await store.lock(draft_id, actor.subject, now)
    check_version(draft.version)
    await store.remove(draft.id)
    record_window(actor.caller, draft.owner, str(draft.id), "deletion", uow, now)


async def check_draft(
    draft_id: UUID, actor: Actor, pack: RegionPack, uow: UnitOfWork, now: datetime
) -> tuple[FieldFault, ...]:
    """The one list of everything that is missing (一次告知). Raises also: ThemeNotFound, EnterpriseNotFound."""
    content = DraftContent.of(await read_draft(draft_id, actor, uow, now))
    theme = find_theme(pack, content.theme)
    try:
        enterprise = await enterprise_for(theme, content.uscc, actor, uow)
        missing: tuple[FieldFault, ...] = ()
    except FormNotAccepted as refusal:
        enterprise, missing = None, refusal.faults  # one of the things to be told, not the end of the list
    faults = (
        *form_faults(pack, theme, content.form, content.commitments),
        *confidential_faults(content.form, content.confidential_fields),
    )
    return (*missing, *(faults or request_faults(pack, theme, content.form, content.commitments, enterprise)))


async def submit_draft(
    draft_id: UUID, actor: Actor, pack: RegionPack, uow: UnitOfWork, now: datetime
) -> Case:
    """Open the matter and drop the draft, both or neither. Raises also: as `open_matter` does."""
    store = DraftStore(uow.session)
    draft = await store.lock(draft_id, actor.subject, now)
    case = await open_matter(DraftContent.of(draft).command(actor), pack, uow, now)
    await store.remove(draft.id)
    return case


async def forget_drafts(uow: UnitOfWork) -> int:
    """Delete drafts whose time has run out; returns how many."""
    return await DraftStore(uow.session).forget(uow.now, BATCH)


def _expiry(pack: RegionPack, now: datetime) -> datetime:
    return now + timedelta(days=pack.handling.draft_days)
