"""Leave a trace where an agency read what is not public and was provided by another (查询留痕)."""

from collections.abc import Sequence

from services.credit.domain.records import Record
from services.credit.domain.viewing import Viewer, is_foreign
from services.credit.published import access_recorded
from shared.calendar import local_date
from shared.database.unit_of_work import UnitOfWork
from shared.identifiers import Uscc
from shared.security.principal import Principal


def leave_access_record(
    uscc: Uscc, shown: Sequence[Record], viewer: Viewer, reader: Principal, uow: UnitOfWork
) -> None:
    """Announce the access in the transaction of the read; says nothing where all that was shown is public."""
    today = local_date(uow.now)
    foreign = {record.catalogue_item for record in shown if is_foreign(record, viewer, today)}
    if foreign:
        fields = [f"records.{item}" for item in sorted(foreign)]
        uow.announce(access_recorded(uscc, reader, fields, uow.now))
