"""A service's statements, from the server's log to a script for pgbench."""

from benchmarks.captured import Statement, parameters, transactions, unique_texts
from benchmarks.load import HttpLoad, lua

LOG = """\
2026-11-21 11:02:28.325 UTC [71] LOG:  statement: BEGIN;
2026-11-21 11:02:28.326 UTC [71] LOG:  execute __asyncpg_stmt_1__:
\tINSERT INTO ticket (number, note)
\t    VALUES ($1, $2)
2026-11-21 11:02:28.326 UTC [71] DETAIL:  Parameters: $1 = 'HT-000007', $2 = 'it''s
\ttwo lines'
2026-11-21 11:02:28.327 UTC [72] LOG:  statement: BEGIN
2026-11-21 11:02:28.327 UTC [72] LOG:  execute x: SELECT 1
2026-11-21 11:02:28.328 UTC [71] LOG:  execute __asyncpg_stmt_2__: SELECT pg_notify($1, '')
2026-11-21 11:02:28.328 UTC [71] DETAIL:  Parameters: $1 = NULL
2026-11-21 11:02:28.329 UTC [72] LOG:  statement: ROLLBACK;
2026-11-21 11:02:28.329 UTC [71] LOG:  statement: COMMIT;
2026-11-21 11:02:28.330 UTC [71] LOG:  execute x: SELECT 'outside'
"""


def test_a_committed_transaction_is_read_from_the_log_whole_and_one_rolled_back_is_not() -> None:
    found = list(transactions(LOG))

    assert found == [
        (
            Statement(
                "INSERT INTO ticket (number, note)\n    VALUES ($1, $2)", ("HT-000007", "it's\ntwo lines")
            ),
            Statement("SELECT pg_notify($1, '')", (None,)),
        )
    ]


def test_parameters_are_read_in_order_whatever_they_contain() -> None:
    detail = "Parameters: $1 = 'a, $9 = ''b''', $2 = NULL, $3 = '{}'"

    values = parameters(detail)

    assert values == ("a, $9 = 'b'", None, "{}")


def test_the_texts_that_no_second_command_may_have_are_found() -> None:
    event = "01a1fdc5-bd29-7f12-a8a4-6cd5f4f49cec"
    statements = (Statement("INSERT ...", ("{" + event + "}", "HT-000007", None)),)

    unique = unique_texts(statements, "HT-000007", "a key that is nowhere")

    assert unique == (event, "HT-000007")


def test_the_load_script_keeps_any_text_and_ends_by_number() -> None:
    load = HttpLoad(
        url="http://127.0.0.1:1/x",
        connections=1,
        seconds=1,
        at_most=77,
        method="POST",
        body='{"a": "道"}\n',
        has_keys=True,
    )

    script = lua(load)

    assert 'wrk.body = "{\\034a\\034: \\034\\233\\129\\147\\034}\\010"' in script
    assert "if sent > 77 then wrk.thread:stop() end" in script
    assert 'wrk.headers["Idempotency-Key"] = ' in script
