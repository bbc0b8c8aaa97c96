"""The keys that sign tokens: which there are, and how an operator replaces one."""

from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Annotated, Self

from fastapi import APIRouter
from pydantic import Field

from gateway.identity.api.authority import ByAuthority
from gateway.identity.api.dependencies import InIdentity
from gateway.identity.domain.authority import AuthorityOnly
from gateway.identity.domain.key_ring import KeyRing, KeyState, RemovalReason, RotationPending
from gateway.identity.store.key_ring import KeyRingStore
from gateway.identity.use_cases.rotate_signing_key import RotateSigningKey, rotate_signing_key
from shared.security.access import requires
from shared.web.fields import Flag, RequestModel, ResponseModel
from shared.web.openapi import refuses
from shared.web.routes import InTransaction, Now, ServiceRoute

router = APIRouter(prefix="/identity/v1/signing-keys", route_class=ServiceRoute, tags=["identity"])

MANAGE = requires("identity.key.manage")


class ReplacementIn(RequestModel):
    """Why the key is replaced."""

    compromised: Annotated[
        Flag,
        Field(examples=[False], description="the key is in strange hands: all that it signed is refused"),
    ] = False


class SigningKeyOut(ResponseModel):
    """A key and where it stands."""

    kid: Annotated[str, Field(examples=["Vn2cW1Jb0nq6q9p9d1v0h2b0c4m8yq7J5r3k1x8w2aE"])]
    state: Annotated[KeyState, Field(examples=["active"])]
    published_at: Annotated[datetime, Field(examples=["2026-03-02T01:30:00Z"])]
    signs_from: Annotated[datetime | None, Field(examples=["2026-03-02T01:31:00Z"])]
    removed_at: datetime | None
    removed_because: RemovalReason | None


class KeyRingOut(ResponseModel):
    """The ring, oldest key first."""

    keys: list[SigningKeyOut]

    @classmethod
    def of(cls, ring: KeyRing, now: datetime) -> Self:
        """Shape the ring as it stands now."""
        return cls(
            keys=[
                SigningKeyOut(
                    kid=key.kid,
                    state=ring.state_of(key, now),
                    published_at=key.published_at.astimezone(UTC),
                    signs_from=key.signs_from.astimezone(UTC) if key.signs_from else None,
                    removed_at=key.removed_at.astimezone(UTC) if key.removed_at else None,
                    removed_because=key.removed_because,
                )
                for key in ring.keys
            ]
        )


@router.get("", summary="Keys that sign tokens (令牌签名密钥)", dependencies=[MANAGE])
@refuses(AuthorityOnly)
async def list_keys(_: ByAuthority, uow: InTransaction, now: Now) -> KeyRingOut:
    """Return every key there ever was; their public halves are in the key set."""
    return KeyRingOut.of(await KeyRingStore(uow.session).read(), now)


@router.post(
    "",
    summary="Replace the key that signs tokens (更换签名密钥)",
    status_code=HTTPStatus.CREATED,
    dependencies=[MANAGE],
)
@refuses(AuthorityOnly, RotationPending)
async def replace_key(
    body: ReplacementIn, caller: ByAuthority, identity: InIdentity, uow: InTransaction, now: Now
) -> KeyRingOut:
    """Let the next key sign as soon as every verifier has it; a compromised one is removed at once."""
    command = RotateSigningKey(
        by=caller,
        published_for=timedelta(seconds=identity.settings.key_publication_seconds),
        is_compromised=body.compromised,
    )
    return KeyRingOut.of(await rotate_signing_key(command, identity.issuer.keys.sealer, uow), now)
