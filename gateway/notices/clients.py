"""Where messages leave: short-message and push providers over signed HTTP, a mail server, or the local outbox."""

import asyncio
import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.errors import MessageError
from email.message import EmailMessage
from typing import Final, Protocol
from urllib.parse import urlsplit

import httpx

from gateway.notices.domain.notice import (
    SENT,
    Channel,
    DispatchAction,
    Message,
    Outcome,
)
from gateway.notices.store.dispatches import DispatchStore
from gateway.settings import GatewaySettings
from shared.database.unit_of_work import UnitOfWork, UnitOfWorkFactory
from shared.security.signed_messages import secret_bytes
from shared.settings import Mode
from shared.web.signed_calls import NotTaken, OutsideSystem, post_signed

_PORTS: Final = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}
_MAIL_SECONDS: Final = 10.0
_FIRST_REFUSAL_FOR_GOOD: Final = 500


class Sender(Protocol):
    """Hands messages on; the same message may come again and is known by its key."""

    async def send(self, message: Message, now: datetime) -> Outcome: ...


class OutsideSender:
    """A provider of short messages or pushes that speaks docs/notices-payments-deliveries.md."""

    def __init__(self, http: httpx.AsyncClient, system: OutsideSystem) -> None:
        self._http = http
        self._system = system

    async def send(self, message: Message, now: datetime) -> Outcome:
        """Send one message; what the provider refuses for good is not tried again."""
        told = {
            "message_id": message.key,
            "to": message.address,
            "language": message.language.value,
            "title": message.title,
            "content": message.content,
        }
        taken = await post_signed(
            self._http, self._system, "/messages", told, message_id=message.key, now=now
        )
        if isinstance(taken, NotTaken):
            return Outcome(DispatchAction.GIVE_UP if taken.is_final else DispatchAction.FAIL, taken.fault)
        return SENT


@dataclass(frozen=True)
class MailServer:
    """A mail server, and who sends there."""

    url: str
    sender: str
    user: str | None = None
    password: str | None = field(default=None, repr=False)


class MailSender:
    """Mail over SMTP, from a thread; a repeat has the same Message-ID (RFC 5322), by which a server may know it."""

    def __init__(self, server: MailServer) -> None:
        self._server = server

    async def send(self, message: Message, now: datetime) -> Outcome:
        """Send one mail; what the server refuses for good, or is no address, is not tried again."""
        try:
            mail = self._mail(message)
        except (ValueError, MessageError) as error:
            return Outcome(DispatchAction.GIVE_UP, f"no mail goes there: {type(error).__name__}")
        try:
            await asyncio.to_thread(self._deliver, mail)
        except smtplib.SMTPRecipientsRefused as refused:
            code = next(iter(refused.recipients.values()))[0]
            is_final = code >= _FIRST_REFUSAL_FOR_GOOD
            return Outcome(
                DispatchAction.GIVE_UP if is_final else DispatchAction.FAIL, f"recipient refused: {code}"
            )
        except (OSError, smtplib.SMTPException) as error:
            return Outcome(DispatchAction.FAIL, type(error).__name__)
        return SENT

    def _mail(self, message: Message) -> EmailMessage:
        mail = EmailMessage()
        mail["From"] = self._server.sender
        mail["To"] = message.address
        mail["Subject"] = message.title
        mail["Message-ID"] = f"<{message.key}@{self._server.sender.rpartition('@')[2]}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(message.content)
        return mail

    def _deliver(self, mail: EmailMessage) -> None:
        place = urlsplit(self._server.url)
        host, port = place.hostname or "", place.port or _PORTS[place.scheme]
        context = ssl.create_default_context()
        if place.scheme == "smtps":
            connection: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=_MAIL_SECONDS, context=context)
        else:
            connection = smtplib.SMTP(host, port, timeout=_MAIL_SECONDS)
        with connection as server:
            if place.scheme == "smtp+starttls":
                server.starttls(context=context)
            if self._server.user is not None:
                server.login(self._server.user, self._server.password or "")
            server.send_message(mail)


class LocalOutbox:
    """Keeps messages where an operator of a local suite can look at them."""

    def __init__(self, transactions: UnitOfWorkFactory) -> None:
        self._transactions = transactions

    async def send(self, message: Message, now: datetime) -> Outcome:
        """Keep one message."""

        async def keep(uow: UnitOfWork) -> None:
            await DispatchStore(uow.session).put_out(message, now)

        await self._transactions.run(keep)
        return SENT


def channels_of(settings: GatewaySettings) -> frozenset[Channel]:
    """Which channels there are: in local mode all, otherwise those with a provider."""
    if settings.mode is Mode.LOCAL:
        return frozenset(Channel)
    urls = {
        Channel.SMS: settings.sms_url,
        Channel.PUSH: settings.push_url,
        Channel.MAIL: settings.mail_url,
    }
    return frozenset(channel for channel, url in urls.items() if url is not None)


def senders_from(
    settings: GatewaySettings, http: httpx.AsyncClient, transactions: UnitOfWorkFactory
) -> Mapping[Channel, Sender]:
    """Return the sender of each channel; in local mode the outbox stands in for those without provider."""
    found: dict[Channel, Sender] = {}
    if settings.mode is Mode.LOCAL:
        found = dict.fromkeys(Channel, LocalOutbox(transactions))
    for channel, url, secret in (
        (Channel.SMS, settings.sms_url, settings.sms_secret),
        (Channel.PUSH, settings.push_url, settings.push_secret),
    ):
        if url is not None and secret is not None:
            system = OutsideSystem(url, secret_bytes(secret.get_secret_value()))
            found[channel] = OutsideSender(http, system)
    if settings.mail_url is not None and settings.mail_from is not None:
        password = settings.mail_password.get_secret_value() if settings.mail_password else None
        server = MailServer(settings.mail_url, settings.mail_from, settings.mail_user, password)
        found[Channel.MAIL] = MailSender(server)
    return found
