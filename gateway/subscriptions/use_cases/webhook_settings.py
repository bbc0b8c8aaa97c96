"""What webhooks are governed by, from the gateway's settings."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Self

from gateway.settings import GatewaySettings
from gateway.subscriptions.domain.destination import Patience
from gateway.subscriptions.domain.targets import TargetRules
from shared.security.sealing import Sealer
from shared.settings import Mode

_PURPOSE: Final = "subscriptions.webhook-secret"


@dataclass(frozen=True)
class WebhookSettings:
    """Where webhooks may go, how long they are tried, when an alarm repeats, and what seals their secrets."""

    rules: TargetRules
    patience: Patience
    alarm_every: timedelta
    sealer: Sealer

    @classmethod
    def of(cls, settings: GatewaySettings) -> Self:
        """Read them."""
        return cls(
            rules=TargetRules(settings.webhook_networks, settings.mode is Mode.LOCAL),
            patience=Patience(
                tuple(timedelta(seconds=seconds) for seconds in settings.webhook_retry_seconds)
            ),
            alarm_every=timedelta(hours=settings.webhook_alarm_hours),
            sealer=Sealer(settings.secret.get_secret_value().encode(), _PURPOSE),
        )
