"""What the gateway's own HTTP protocol can do for a request beyond ASGI: see a hang-up, answer in one write."""

from collections.abc import Callable, Iterable
from typing import Final, Protocol

from starlette.types import Scope

# Where a request's scope holds its caller; under another server than the gateway's protocol it holds none.
CALLER: Final = "tongban.caller"

OnHangUp = Callable[[], None]


class Caller(Protocol):
    """The connection on which a request came."""

    def watch(self, on_hang_up: OnHangUp | None) -> None:
        """Have this called when the caller hangs up; with None no longer."""
        ...

    @property
    def is_ready(self) -> bool:
        """Whether `answer` can be called now; ASGI's own way is always open."""
        ...

    def answer(self, status: int, lines: Iterable[tuple[bytes, bytes]], body: bytes) -> None:
        """Answer in one write; `lines` say the body's length."""
        ...

    def take_the_long_way(self, scope: Scope) -> None:
        """Give a request to the app after all, which goes on with what is under way."""
        ...


# Takes a request without body that it can send on at once; False leaves it to the app.
TakeStraight = Callable[[Scope, Caller], bool]


def caller_of(scope: Scope) -> Caller | None:
    """Return the caller of a request."""
    caller: Caller | None = scope.get(CALLER)
    return caller
