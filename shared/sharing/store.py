"""A service's own copies of grants and consents, and the claims made under them."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from shared.sharing.deciding import DataConsent, DataGrant

_PUT_GRANT: Final = text("""
    INSERT INTO data_grant (grant_id, agency_uscc, resource, fields, purpose, regions, scenes, ways,
        needs_consent, needs_case_number, valid_until)
    VALUES (:grant_id, :agency_uscc, :resource, :fields, :purpose, :regions, :scenes, :ways,
        :needs_consent, :needs_case_number, :valid_until)
    ON CONFLICT (grant_id) DO UPDATE SET agency_uscc = excluded.agency_uscc, resource = excluded.resource,
        fields = excluded.fields, purpose = excluded.purpose, regions = excluded.regions,
        scenes = excluded.scenes, ways = excluded.ways, needs_consent = excluded.needs_consent,
        needs_case_number = excluded.needs_case_number, valid_until = excluded.valid_until
""")
_SUSPEND: Final = text("UPDATE data_grant SET suspended_at = :at WHERE grant_id = :key")
_WITHDRAW_GRANT: Final = text("UPDATE data_grant SET withdrawn_at = :at WHERE grant_id = :key")
_GRANTS: Final = text("""
    SELECT grant_id, agency_uscc, resource, fields, purpose, valid_until, regions, scenes, ways,
        needs_consent, needs_case_number, suspended_at, withdrawn_at
    FROM data_grant WHERE agency_uscc = :agency AND resource = :resource AND purpose = :purpose
    ORDER BY grant_id
""")
_PUT_CONSENT: Final = text("""
    INSERT INTO data_consent (consent_id, subject, agency_uscc, resource, fields, purpose, valid_until)
    VALUES (:consent_id, :subject, :agency_uscc, :resource, :fields, :purpose, :valid_until)
    ON CONFLICT (consent_id) DO NOTHING
""")
_WITHDRAW_CONSENT: Final = text("UPDATE data_consent SET withdrawn_at = :at WHERE consent_id = :key")
_CONSENTS: Final = text("""
    SELECT consent_id, subject, agency_uscc, resource, fields, purpose, valid_until, withdrawn_at
    FROM data_consent WHERE subject = ANY(:subjects) AND agency_uscc = :agency AND resource = :resource
        AND purpose = :purpose
    ORDER BY consent_id
""")
_COUNT_CLAIM: Final = text("""
    INSERT INTO data_claim AS c (agency_uscc, record_key, hour_began_at, made)
    VALUES (:agency, :record_key, :now, 1)
    ON CONFLICT (agency_uscc, record_key) DO UPDATE SET
        made = CASE WHEN c.hour_began_at <= :an_hour_ago THEN 1 ELSE c.made + 1 END,
        hour_began_at = CASE WHEN c.hour_began_at <= :an_hour_ago THEN :now ELSE c.hour_began_at END
    RETURNING made
""")


class SharingStore:
    """Keeps the read models and answers from them."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def put_grant(self, grant: DataGrant) -> None:
        """Write a grant with its terms; what suspended or ended it stays."""
        values = asdict(grant) | {
            name: list(getattr(grant, name)) for name in ("fields", "regions", "scenes", "ways")
        }
        del values["suspended_at"], values["withdrawn_at"]
        await self._session.execute(_PUT_GRANT, values)

    async def suspend_grant(self, grant_id: str, at: datetime | None) -> None:
        """Mark a grant suspended, or with None resumed."""
        await self._session.execute(_SUSPEND, {"key": grant_id, "at": at})

    async def withdraw_grant(self, grant_id: str, at: datetime) -> None:
        """Mark a grant withdrawn."""
        await self._session.execute(_WITHDRAW_GRANT, {"key": grant_id, "at": at})

    async def grants(self, agency: str, resource: str, purpose: str) -> tuple[DataGrant, ...]:
        """All grants that the agency ever had on the resource for the purpose, ended ones too."""
        rows = await self._session.execute(
            _GRANTS, {"agency": agency, "resource": resource, "purpose": purpose}
        )
        lists = ("fields", "regions", "scenes", "ways")
        return tuple(DataGrant(**_with_tuples(dict(row), lists)) for row in rows.mappings())

    async def put_consent(self, consent: DataConsent) -> None:
        """Write a consent down."""
        values = asdict(consent) | {"fields": list(consent.fields)}
        del values["withdrawn_at"]
        await self._session.execute(_PUT_CONSENT, values)

    async def withdraw_consent(self, consent_id: str, at: datetime) -> None:
        """Mark a consent withdrawn."""
        await self._session.execute(_WITHDRAW_CONSENT, {"key": consent_id, "at": at})

    async def consents(
        self, subjects: Sequence[str], agency: str, resource: str, purpose: str
    ) -> tuple[DataConsent, ...]:
        """All consents of these subjects to the agency's reading of the resource for the purpose."""
        if not subjects:
            return ()
        values = {"subjects": list(subjects), "agency": agency, "resource": resource, "purpose": purpose}
        rows = await self._session.execute(_CONSENTS, values)
        return tuple(DataConsent(**_with_tuples(dict(row), ("fields",))) for row in rows.mappings())

    async def count_claim(self, agency: str, record_key: str, now: datetime) -> int:
        """Count one more claim of the agency about a record; returns how many the running hour has."""
        values = {
            "agency": agency,
            "record_key": record_key,
            "now": now,
            "an_hour_ago": now - timedelta(hours=1),
        }
        return int((await self._session.execute(_COUNT_CLAIM, values)).scalar_one())


def _with_tuples(row: dict[str, Any], names: Sequence[str]) -> dict[str, Any]:
    return row | {name: tuple(row[name]) for name in names}
