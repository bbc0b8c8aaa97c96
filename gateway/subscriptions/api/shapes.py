"""How subscriptions look on the wire."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, StringConstraints

from gateway.subscriptions.domain.entitlement import is_own_only
from gateway.subscriptions.domain.event_log import Reckoning
from gateway.subscriptions.domain.subscription import Subscription, SubscriptionStatus
from gateway.subscriptions.use_cases.delivering import delivers
from shared.messaging.standing import Standing
from shared.messaging.topology import Follower
from shared.web.fields import RequestModel, ResponseModel

REGISTERED = "cn.tongban.registration.enterprise.registered.v1"
EventTypeName = Annotated[
    str,
    StringConstraints(
        min_length=20, max_length=120, pattern=r"^cn\.tongban(\.[a-z][a-z0-9_]*){3}\.v[1-9][0-9]?$"
    ),
]


class SubscriptionIn(RequestModel):
    """What an agency wants to follow."""

    event_types: Annotated[
        tuple[EventTypeName, ...], Field(min_length=1, max_length=50, examples=[[REGISTERED]])
    ]


class SubscriptionOut(ResponseModel):
    """A subscription."""

    subscription_id: UUID
    agency_uscc: Annotated[str, Field(examples=["11140881MB9Y000405"])]
    event_types: Annotated[list[str], Field(examples=[[REGISTERED]])]
    status: Annotated[SubscriptionStatus, Field(examples=["active"])]
    opened_at: Annotated[datetime, Field(examples=["2026-03-02T01:30:00Z"])]
    ended_at: datetime | None

    @classmethod
    def of(cls, subscription: Subscription) -> Self:
        """Shape a subscription."""
        return cls(
            subscription_id=subscription.subscription_id,
            agency_uscc=subscription.agency_uscc,
            event_types=list(subscription.event_types),
            status=subscription.status,
            opened_at=subscription.opened_at,
            ended_at=subscription.ended_at,
        )


class NatsOut(ResponseModel):
    """A durable pull consumer to fetch from, with the types of the subscription that come through it."""

    user: Annotated[str, Field(examples=["tax"])]
    inbox_prefix: Annotated[str, Field(examples=["_INBOX_tax"])]
    stream: Annotated[str, Field(examples=["REGISTRATION"])]
    durable: Annotated[str, Field(examples=["tax"])]
    filter_subjects: Annotated[list[str], Field(examples=[["events.registration.enterprise.>"]])]
    event_types: Annotated[list[str], Field(examples=[[REGISTERED]])]
    lag: Annotated[int | None, Field(examples=[0], description="Events not yet held; null when not known")]
    acknowledged_up_to: Annotated[int | None, Field(examples=[41], description="Stream sequence")]


class ConnectionOut(SubscriptionOut):
    """A subscription, and the ways to follow it."""

    nats: list[NatsOut]
    event_stream: Annotated[
        str,
        Field(
            examples=[f"/subscriptions/v1/events?types={REGISTERED}"], description="SSE (text/event-stream)"
        ),
    ]
    only_by_event_stream: Annotated[
        list[str], Field(examples=[[]], description="Types that do not come over this agency's NATS durables")
    ]
    destination: Annotated[
        str, Field(description="The webhook: where it goes and how far it is; 404 where none is named")
    ]
    snapshot: Annotated[str, Field(description="The last event of each subject, to begin with")]
    newest: Annotated[int, Field(examples=[41], description="The log's last position")]
    behind: Annotated[
        int | None,
        Field(examples=[0], description="Events after the position that was asked for; null without one"),
    ]


class ReckoningOut(ResponseModel):
    """What the subscriber should hold: n of n, by type."""

    upto: Annotated[
        str, Field(examples=["41"], description="Position of the log, or event id, that is included")
    ]
    total: Annotated[int, Field(examples=[40])]
    counts: Annotated[dict[str, int], Field(examples=[{REGISTERED: 40}])]
    is_settled: Annotated[
        bool, Field(examples=[True], description="Nothing can be added up to here any more")
    ]
    after: Annotated[int, Field(examples=[0], description="Only events behind this position are counted")]
    held: Annotated[int | None, Field(examples=[40], description="What the subscriber says to hold")]
    is_complete: Annotated[bool | None, Field(examples=[True], description="It holds n of n")]
    says_zh: Annotated[str | None, Field(examples=["应有 40 条，您持有 40 条"])]
    says_en: Annotated[str | None, Field(examples=["you hold 40 of 40"])]

    @classmethod
    def of(cls, reckoning: Reckoning, held: int | None) -> Self:
        """Shape a reckoning."""
        total = reckoning.total
        return cls(
            after=reckoning.after,
            held=held,
            is_complete=None if held is None else held == total,
            says_zh=None if held is None else f"应有 {total} 条，您持有 {held} 条",
            says_en=None if held is None else f"you hold {held} of {total}",
            upto=reckoning.upto,
            total=reckoning.total,
            counts=dict(reckoning.counts),
            is_settled=reckoning.is_settled,
        )


def covered(subscription: Subscription, follower: Follower) -> list[str]:
    """Return the subscription's types that a durable delivers; own-only types never come by subject."""
    return [name for name in subscription.event_types if not is_own_only(name) and delivers(follower, name)]


def connection_out(
    subscription: Subscription,
    followers: tuple[Follower, ...],
    standings: list[Standing | None],
    *,
    newest: int,
    behind: int | None,
) -> ConnectionOut:
    """Shape a subscription with its ways."""
    nats = [
        NatsOut(
            user=follower.service,
            inbox_prefix=f"_INBOX_{follower.service}",
            stream=follower.stream,
            durable=follower.durable,
            filter_subjects=list(follower.filter_subjects),
            event_types=covered(subscription, follower),
            lag=None if standing is None else standing.lag,
            acknowledged_up_to=None if standing is None else standing.acknowledged_up_to,
        )
        for follower, standing in zip(followers, standings, strict=True)
    ]
    over_nats = {name for way in nats for name in way.event_types}
    return ConnectionOut(
        **SubscriptionOut.of(subscription).model_dump(),
        nats=nats,
        event_stream=f"/subscriptions/v1/events?types={','.join(subscription.event_types)}",
        only_by_event_stream=[name for name in subscription.event_types if name not in over_nats],
        destination=f"/subscriptions/v1/subscriptions/{subscription.subscription_id}/destination",
        snapshot=f"/subscriptions/v1/subscriptions/{subscription.subscription_id}/snapshot",
        newest=newest,
        behind=behind,
    )
