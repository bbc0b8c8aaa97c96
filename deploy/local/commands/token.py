"""`tongban token`: an access token for a client of the local seed."""

import json
from typing import Annotated

import typer

from deploy.local.access_token import request_token
from deploy.local.commands.options import AsJson, Data, data_directory, refusals, refuse_outside_local_mode
from deploy.local.suite import surroundings_of_running

Client = Annotated[
    str, typer.Option("--client", help="Client of the local seed: an agency's key, such as tax.")
]
Scope = Annotated[list[str] | None, typer.Option("--scope", help="A scope; may be repeated. Default: all.")]


def token(client: Client, scope: Scope = None, data: Data = None, as_json: AsJson = False) -> None:
    """Print an access token, got as any agency gets it: client credentials with a signed assertion."""
    with refusals():
        refuse_outside_local_mode()
        answer = request_token(surroundings_of_running(data_directory(data)), client, tuple(scope or ()))
    print(json.dumps(answer) if as_json else answer["access_token"])
