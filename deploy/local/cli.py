"""The `tongban` command."""

import typer

from deploy.local.commands import (
    audit,
    client,
    demo,
    doctor,
    events,
    importing,
    licence,
    lifecycle,
    parked,
    reconciling,
    replay,
    status,
    token,
)

app = typer.Typer(
    name="tongban",
    help="Tongban (通办): run and look after a local suite.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(lifecycle.up)
app.command()(lifecycle.down)
app.command()(status.status)
app.command()(demo.demo)
app.command()(token.token)
app.command()(replay.replay)
app.command()(doctor.doctor)
app.add_typer(audit.app, name="audit")
app.add_typer(client.app, name="client")
app.add_typer(importing.app, name="import")
app.add_typer(reconciling.app, name="reconcile")
app.add_typer(licence.app, name="licence")
app.add_typer(events.app, name="events")
app.add_typer(parked.app, name="parked")


def main() -> None:
    app()


if __name__ == "__main__":
    main()
