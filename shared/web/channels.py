"""How many cases came in by each channel (渠道统计): the same answer in every service."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import Query
from pydantic import Field

from shared.identifiers.channel import Channel
from shared.web.fields import Instant, ResponseModel

Since = Annotated[Instant | None, Query(description="Cases submitted from this instant on (起始时间)")]
Before = Annotated[Instant | None, Query(description="Cases submitted before this instant (截止时间)")]


class ChannelCountOut(ResponseModel):
    """One channel."""

    channel: Channel
    count: Annotated[int, Field(examples=[42])]


class ChannelCountsOut(ResponseModel):
    """Every channel, also those by which nothing came."""

    total: Annotated[int, Field(examples=[42])]
    channels: list[ChannelCountOut]

    @classmethod
    def of(cls, counted: Mapping[str, int]) -> "ChannelCountsOut":
        """Shape what was counted, by the channel's name."""
        channels = [ChannelCountOut(channel=each, count=counted.get(each.value, 0)) for each in Channel]
        return cls(total=sum(each.count for each in channels), channels=channels)
