"""Sends notices over their channels: in order for each case, again until they are taken, and then given up.

Nothing is held open while a provider is called. A message goes out under a key of its own. A worker that dies between
the provider's answer and the mark sends it again under the same key, and a provider that keeps to the contract shows
it once; for mail, whose servers need not look at the Message-ID, a second copy remains possible in that moment.
"""

import asyncio
import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from gateway.identity.public import contact_of
from gateway.notices.clients import Sender, senders_from
from gateway.notices.domain.notice import (
    NO_ADDRESS,
    Channel,
    Dispatch,
    DispatchAction,
    DispatchState,
    Message,
    Outcome,
    advance,
)
from gateway.notices.domain.quiet_hours import QuietHours
from gateway.notices.published import notice_given_up
from gateway.notices.store.dispatches import DispatchStore
from gateway.notices.store.notices import NoticeStore
from gateway.notices.store.preferences import PreferenceStore
from gateway.settings import GatewaySettings
from shared.database.unit_of_work import UnitOfWork, UnitOfWorkFactory
from shared.outbound import outbound_client
from shared.web.signed_calls import delay_after

log = logging.getLogger(__name__)

BATCH: Final = 16
FIRST_DELAY: Final = timedelta(seconds=30)
LONGEST_DELAY: Final = timedelta(hours=1)


class SendNotices:
    """The errand."""

    def __init__(self, settings: GatewaySettings, quiet: QuietHours) -> None:
        self._settings = settings
        self._quiet = quiet

    async def __call__(self, transactions: UnitOfWorkFactory) -> int:
        """Return how many messages were tried."""
        now = transactions.clock()

        async def due(uow: UnitOfWork) -> list[tuple[Dispatch, Message | None]]:
            found = await DispatchStore(uow.session).due(now, BATCH)
            return [(dispatch, await _message(dispatch, uow)) for dispatch in found]

        found = await transactions.run(due)
        if not found:
            return 0
        async with outbound_client() as http:
            senders = senders_from(self._settings, http, transactions)
            await asyncio.gather(
                *(self._send(dispatch, message, senders, transactions) for dispatch, message in found)
            )
        return len(found)

    async def _send(
        self,
        dispatch: Dispatch,
        message: Message | None,
        senders: Mapping[Channel, Sender],
        transactions: UnitOfWorkFactory,
    ) -> None:
        sender = senders.get(dispatch.channel)
        outcome: Outcome = NO_ADDRESS
        if message is not None and sender is not None:
            outcome = await _sent(sender, message, transactions.clock())

        async def settle(uow: UnitOfWork) -> Dispatch:
            delay = delay_after(dispatch.attempts + 1, FIRST_DELAY, LONGEST_DELAY)
            again = self._quiet.send_from(uow.now + delay, urgent=dispatch.urgent)
            changed = advance(dispatch, outcome, again, uow.now)
            await DispatchStore(uow.session).save(changed)
            if changed.state is DispatchState.GIVEN_UP:
                uow.announce(notice_given_up(changed))
            return changed

        settled = await transactions.run(settle)
        if settled.state is DispatchState.GIVEN_UP:
            log.warning(
                "notice_given_up", extra={"notice_id": str(settled.notice_id), "channel": settled.channel}
            )


async def _sent(sender: Sender, message: Message, now: datetime) -> Outcome:
    try:
        return await sender.send(message, now)
    except Exception as error:  # noqa: BLE001 - one message holds up no others; it is tried again and then given up
        log.error("notice_not_sent", extra={"message_id": message.key, "fault": type(error).__name__})
        return Outcome(DispatchAction.FAIL, type(error).__name__)


async def _message(dispatch: Dispatch, uow: UnitOfWork) -> Message | None:
    """What is sent, to the address that the person has now; None where there is none."""
    notice = await NoticeStore(uow.session).read(dispatch.notice_id)
    address = await _address(dispatch, uow)
    if notice is None or not address:
        return None
    return Message(
        dispatch.message_key, dispatch.channel, address, notice.language, notice.title, notice.content
    )


async def _address(dispatch: Dispatch, uow: UnitOfWork) -> str | None:
    contact = await contact_of(dispatch.recipient, uow)
    if contact is None:
        return None
    match dispatch.channel:
        case Channel.SMS:
            return contact.phone
        case Channel.PUSH:
            return contact.subject  # the app's push service knows the person's devices
        case Channel.MAIL:
            return (await PreferenceStore(uow.session).read(dispatch.recipient)).mail
