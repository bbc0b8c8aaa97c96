"""What was purged when its time of retention was over; the history of such a ticket may lose what is personal."""

from alembic import op

from shared.database.backbone import purged_record_v1

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_STATEMENTS: tuple[str, ...] = (
    "DROP TRIGGER ticket_history_is_appended_to ON ticket_history",
    """
    CREATE TRIGGER ticket_history_is_appended_to BEFORE DELETE OR TRUNCATE ON ticket_history
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """,
    # Only of a purged ticket, only notes and the requester, and only to be emptied.
    """
    CREATE FUNCTION refuse_all_but_purge() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.note IS NULL
            AND (NEW.actor = OLD.actor OR (OLD.role = 'requester' AND NEW.actor = '***'))
            AND (NEW.position, NEW.ticket_number, NEW.action, NEW.before, NEW.after, NEW.role, NEW.agency_uscc, NEW.at)
                IS NOT DISTINCT FROM (OLD.position, OLD.ticket_number, OLD.action, OLD.before, OLD.after, OLD.role,
                OLD.agency_uscc, OLD.at)
            AND EXISTS (SELECT FROM purged_record
                WHERE record = 'hotline_ticket' AND reference = OLD.ticket_number)
        THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'ticket_history is only ever appended to';
    END $$
    """,
    """
    CREATE TRIGGER ticket_history_is_not_changed BEFORE UPDATE ON ticket_history
        FOR EACH ROW EXECUTE FUNCTION refuse_all_but_purge()
    """,
)


def upgrade() -> None:
    purged_record_v1()
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("a released migration is undone by a later one, never in place")
