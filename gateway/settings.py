"""Settings of the gateway, read once from `TONGBAN_GATEWAY_*`."""

from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import NoDecode, SettingsConfigDict

from shared.settings import Mode, ServiceSettings


class PasswordHashing(StrEnum):
    """How much memory and time the hash of a password takes (argon2id)."""

    RFC9106 = "rfc9106"
    """64 MiB, 3 passes: RFC 9106, section 4, the second recommended set."""
    OWASP = "owasp"
    """7 MiB, 5 passes: the least that OWASP's Password Storage Cheat Sheet allows."""


class GatewaySettings(ServiceSettings):
    """The common settings, where the services are, the key that signs tokens, and the proxy's limits."""

    model_config = SettingsConfigDict(
        env_prefix="TONGBAN_GATEWAY_", frozen=True, extra="ignore", populate_by_name=True
    )

    registration_url: str
    credit_url: str
    licensing_url: str
    hotline_url: str
    person_reference_key: SecretStr = Field(validation_alias="TONGBAN_PERSON_REFERENCE_KEY")
    signing_key_file: Path | None = Field(
        None, description="the first key that signs tokens; made where none is named"
    )
    key_publication_seconds: float = Field(
        60.0, ge=0, description="a key is published so long before it signs"
    )
    key_days: int = Field(90, ge=1, description="a key signs so long before the next one does")
    seed_file: Path | None = None
    uplinks_file: Path | None = Field(
        None, description="platforms above that are told of cases and licences, as YAML"
    )
    providers_file: Path | None = Field(
        None, description="upper platforms and licence wallets that say who somebody is, as YAML"
    )
    face_check_url: str | None = Field(None, description="the service that compares faces (docs/accounts.md)")
    face_check_token: SecretStr | None = Field(None, description="the bearer token that it asks for")
    licence_wallet_url: str | None = Field(
        None, description="the wallet to which electronic business licences are shown (docs/federation.md)"
    )
    licence_wallet_token: SecretStr | None = Field(None, description="the bearer token that it asks for")
    payment_provider_url: str | None = Field(
        None, description="takes payments (docs/notices-payments-deliveries.md)"
    )
    payment_provider_secret: SecretStr | None = Field(None, description="signs what both sides send")
    courier_url: str | None = Field(None, description="carries parcels (docs/notices-payments-deliveries.md)")
    courier_secret: SecretStr | None = Field(None, description="signs what both sides send")
    sms_url: str | None = Field(
        None, description="sends short messages (docs/notices-payments-deliveries.md)"
    )
    sms_secret: SecretStr | None = Field(None, description="signs what is sent there")
    push_url: str | None = Field(None, description="pushes to the app (docs/notices-payments-deliveries.md)")
    push_secret: SecretStr | None = Field(None, description="signs what is sent there")
    mail_url: str | None = Field(
        None,
        pattern=r"^(smtp|smtps|smtp\+starttls)://[A-Za-z0-9.-]+(:[0-9]{1,5})?$",
        description="the mail server",
    )
    mail_user: str | None = Field(None, description="the name to sign in with there")
    mail_password: SecretStr | None = Field(None, description="the password to it")
    mail_from: str | None = Field(None, pattern=r"^[^@\s<>]+@[^@\s<>]+$", description="the sender's address")
    connect_seconds: float = Field(1.0, gt=0, description="until a service must have taken the connection")
    answer_seconds: float = Field(
        15.0, gt=0, description="until a service must answer, and go on after each pause in its answer"
    )
    rate_per_second: float = Field(100.0, gt=0, description="requests a second that a caller may keep up")
    rate_burst: int = Field(200, ge=1, description="requests that a caller may send at once")

    rate_small: float = Field(0.1, gt=0, le=1, description="what a client of the small tier gets of that")
    rate_large: float = Field(10.0, ge=1, description="how many times that a client of the large tier gets")
    trusted_proxies: Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode] = Field(
        (), description="networks whose word on a caller's address is taken, separated by commas"
    )
    heartbeat_minutes: int = Field(
        15, ge=11, description="a department's system counts as connected so long after a sign of life"
    )
    material_max_bytes: int = Field(
        10 * 1024 * 1024, ge=1024, le=64 * 1024 * 1024, description="the largest file that is taken"
    )
    material_days: int = Field(30, ge=1, description="a file that no case refers to is kept so many days")
    webhook_networks: Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode] = Field(
        (), description="internal networks that webhooks may go to beside the Internet, separated by commas"
    )
    webhook_retry_seconds: Annotated[tuple[float, ...], NoDecode] = Field(
        (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400),
        min_length=1,
        description="the waits after each failed attempt to deliver a webhook, separated by commas",
    )
    webhook_alarm_hours: float = Field(
        6.0, gt=0, description="the alarm for a parked webhook repeats so often"
    )
    event_log_days: int = Field(
        400,
        ge=1,
        description="events that agencies follow are kept so long, and the last of each subject for ever",
    )
    audit_interval_seconds: float = Field(
        600.0,
        gt=0,
        description="the audit log is closed by a signed root so long after an interval's first entry",
    )
    audit_key_days: int = Field(365, ge=1, description="a key signs roots so long before the next one does")
    password_hashing: PasswordHashing = Field(
        PasswordHashing.RFC9106, description="the work that a password's hash takes: `rfc9106` or `owasp`"
    )
    first_client_file: Path | None = Field(
        None, description="the client that registers all others, as JSON; read while there is none"
    )

    @field_validator("webhook_retry_seconds", mode="before")
    @classmethod
    def _seconds_by_commas(cls, given: object) -> object:
        return [float(each) for each in given.split(",")] if isinstance(given, str) else given

    @field_validator("trusted_proxies", "webhook_networks", mode="before")
    @classmethod
    def _networks_by_commas(cls, given: object) -> object:
        return (
            [each.strip() for each in given.split(",") if each.strip()] if isinstance(given, str) else given
        )

    @model_validator(mode="after")
    def _not_everybody_is_a_proxy(self) -> Self:
        """Whoever is trusted can call under any address."""
        if any(not network.prefixlen for network in self.trusted_proxies):
            raise ValueError(
                "trusted_proxies names all addresses there are: every caller's word would be taken"
            )
        return self

    @model_validator(mode="after")
    def _seed_is_local(self) -> Self:
        """Made-up accounts with known passwords belong to a local suite only."""
        if self.seed_file is not None and self.mode is not Mode.LOCAL:
            raise ValueError("seed_file is refused outside local mode")
        return self

    @model_validator(mode="after")
    def _face_checks_are_protected(self) -> Self:
        """Names and identity numbers go to a service that knows us, and not in the open."""
        self._check_adapter("face_check", self.face_check_url, self.face_check_token)
        return self

    @model_validator(mode="after")
    def _licence_wallet_is_protected(self) -> Self:
        """What it answers signs people in."""
        self._check_adapter("licence_wallet", self.licence_wallet_url, self.licence_wallet_token)
        return self

    @model_validator(mode="after")
    def _outside_systems_are_protected(self) -> Self:
        """Money, addresses and messages to persons go to whom both sides know, and not in the open."""
        self._check_adapter("payment_provider", self.payment_provider_url, self.payment_provider_secret)
        self._check_adapter("courier", self.courier_url, self.courier_secret)
        self._check_adapter("sms", self.sms_url, self.sms_secret)
        self._check_adapter("push", self.push_url, self.push_secret)
        if self.mail_url is not None and self.mail_from is None:
            raise ValueError("mail_url needs mail_from")
        if self.mode is not Mode.LOCAL and (self.mail_url or "").startswith("smtp:"):
            raise ValueError("mail_url must be smtps or smtp+starttls outside local mode")
        return self

    def _check_adapter(self, name: str, url: str | None, token: SecretStr | None) -> None:
        if url is None:
            return
        if token is None:
            raise ValueError(f"{name}_url needs {name}_token or {name}_secret")
        if self.mode is not Mode.LOCAL and not url.startswith("https://"):
            raise ValueError(f"{name}_url must be https outside local mode")

    @property
    def upstreams(self) -> dict[str, str]:
        """Base URL of each service by name, which is also its path prefix."""
        return {
            "registration": self.registration_url,
            "credit": self.credit_url,
            "licensing": self.licensing_url,
            "hotline": self.hotline_url,
        }
