"""Every statement that the program prepares is carried out on indexes: none reads a table that grows, or all that an
organization has, and none sorts more than a stated number of rows. And another engine understands it too."""

import re

import pytest

from harness.needs import needs
from harness.postgresql import ADMINISTRATOR, ROLE, postgresql, programs
from harness.query_plan import MIGRATIONS, Schema
from harness.statements import BEGINS, literals, plain, recorded

pytestmark = pytest.mark.timeout(600)

LIST = r"SELECT (delivery_id|event_id|sequence) FROM \w+ WHERE .* ORDER BY \1 DESC LIMIT \$\d+"
DUE = r"SELECT delivery_id FROM deliveries WHERE organization_id = \$1 AND state = 'due' AND channel_id >= \$2 .* 2001"
SUSPECTS = (
    r"SELECT organization_id, delivery_id, interruptions FROM deliveries WHERE state = 'due' AND interruptions >= 2"
)
REPLAYED = r"SELECT CASE WHEN settling.* AS seen, count\(\*\) FROM deliveries"

WAIVED = {
    LIST: "a piece of a list: ListWalk puts an edge on it, or has seen that few rows are left (ListTests)",
    DUE: "reads no more than its LIMIT",
    r"SELECT channel_id, host, subscription, state, generation, kind, version FROM": "deliveries for 1,000 channels",
    r"SELECT count\(\*\) FROM channels": "1,000 channels",
    r"SELECT channel_id, name FROM channels": "1,000 channels",
    r"SELECT 1 FROM channels WHERE organization_id = \$1 AND state <> 'removed' LIMIT 1": "one row",
    r"SELECT key_id FROM sessions": "of the keys, which are listed, those that sessions have made for eight hours",
    r"SELECT channel_id, kind, name, settings, .* ORDER BY channel_id LIMIT": "1,000 channels",
    r"SELECT c.channel_id, c.name, c.kind, .* ORDER BY c.channel_id": "a line for each of 1,000 channels",
    r"WITH shown AS MATERIALIZED": "an outcome for each of 1,000 channels, and of removed ones that had a delivery",
    r"DELETE FROM login_links WHERE ends_at": "links live for a quarter of an hour",
    r"SELECT organization_id, channel_id, actor FROM planned_removals": "removals are planned for a minute",
    r"SELECT organization_id, replay_id FROM replays WHERE state IN": "its index holds replays under way alone",
    r"SELECT coalesce\(CASE WHEN settling.* AS selection": "seven groups",
    REPLAYED: "six groups",
    r"SELECT a.started_at, a.duration": "its LIMIT: deliveries that are looked at",
    r"WITH RECURSIVE organization": "each step from queue to queue reads one row of the index",
    SUSPECTS: "after a death: what was under way at two deaths in a row, at most 1,024 for each pair",
    r"SELECT sequence, hash FROM audit_entries .* at >= \$2": "reads the entries that are pruned next",
    r"SELECT first_event, behind, events": "its LIMIT of 2,000",
    r"DELETE FROM ledger_totals WHERE organization_id = \$1 AND first_event IN": "its LIMIT of 500",
    r"DELETE FROM ledger_totals WHERE organization_id = \$1 AND behind > \$2": "the last place before another: one row",
    r"SELECT o.organization_id, o.retention_due_at": "of 500 organizations the oldest, behind 1,000 versions that stay",
    r"SELECT channel_id FROM channels .* state = 'removed' AND updated_at < \$2": "its LIMIT",
    r"DELETE FROM channel_revisions .*r.created_at < \$2": "its LIMIT, behind 1,000 versions that stay",
    r'SELECT count\(\*\) FROM "\w+"': "copy-store, which reads everything",
    r'SELECT "\w+", .* FROM "\w+" (WHERE .*)?ORDER BY': "a piece of what copy-store reads",
    r'UPDATE "\w+" SET': "one row that copy-store changes, by its whole key",
    r"SELECT master_key_fingerprint FROM installation": "one row",
    r"SELECT organization_id, channel_id FROM settlements": "an organization's channels that were changed just now",
}
"""Statements, and why their plan is right all the same: what bounds the rows."""


WALLED = {
    r'SELECT count\(\*\) FROM "\w+"': "copy-store, which reads everything",
    r"DELETE FROM channel_revisions|SELECT o.organization_id, o.retention_due_at": "the version before is looked for "
    "among the channel's: subtracting may fail, so it waits for the policy",
}
"""Statements for which the policies change the plan, and why that does no harm."""

FOR_EACH_DELIVERY = re.compile(
    r"INSERT INTO (events|deliveries|attempts) .*VALUES"
    r"|UPDATE deliveries SET .* WHERE organization_id = \$1 AND delivery_id = \$2( |$)(?!.*SELECT)"
)
"""Writes a row, by its key if it is there already."""

OF_SQLITE = re.compile(r"\b(sqlite_schema|grdb_migrations)\b")
"""What only the driver asks."""


def is_waived(statement: str) -> bool:
    return any(re.match(pattern, statement) for pattern in WAIVED)


@pytest.fixture(scope="module")
def schema() -> Schema:
    return Schema()


@pytest.fixture(scope="module")
def program():
    """But for what only the driver of another engine asks."""
    return [literal for literal in literals("Sources") if "PostgresDatabase" not in literal.path.parts]


@pytest.fixture(scope="module")
def observed(tmp_path_factory) -> list[str]:
    """What was prepared in the Swift tests, but for the migrations and GRDB's own."""
    of_migrations = plain(" ".join(path.read_text() for path in MIGRATIONS))
    return [
        statement
        for statement in recorded(tmp_path_factory.mktemp("statements"))
        if BEGINS.match(statement)
        and statement.rstrip(";") not in of_migrations
        and not re.search(r"INTO grdb_migrations|sqlite_master|pragma_(?!table_info\(t\.name\))", statement)
    ]


@pytest.fixture(scope="module")
def prepared(observed, program) -> list[str]:
    """What the program prepared: some of the tests look into the database themselves."""
    of_tests = [literal for literal in literals("Tests") if literal.is_whole]
    others = [s for s in observed if not any(literal.pattern.fullmatch(s) for literal in of_tests)]
    return [s for s in others if any(literal.pattern.match(s) for literal in program)]


def test_every_statement_in_the_code_was_seen(program, prepared):
    assert len(prepared) > 100
    unseen = [str(literal) for literal in program if not any(literal.pattern.search(s) for s in prepared)]
    assert not unseen, "\n".join(unseen)


def test_every_statement_that_was_seen_is_in_the_code(program, observed):
    known = program + literals("Tests")
    strange = [s for s in observed if not any(literal.pattern.match(s) for literal in known)]
    assert not strange, "\n".join(strange)


def test_no_statement_reads_or_sorts_what_grows(schema, prepared):
    errors = [
        f"{error}\n    {statement}"
        for statement in prepared
        if not is_waived(statement)
        for error in schema.errors(statement)
    ]
    assert not errors, "\n".join(errors)


def test_no_temporary_table_is_filled_for_each_delivery(schema, prepared):
    """A CHECK with a list of more than two values fills one, which took a third of the time of an INSERT."""
    often = [s for s in prepared if FOR_EACH_DELIVERY.match(s)]
    assert len(often) > 8
    slow = [s for s in often if schema.temporary_tables(s)]
    assert not slow, "\n".join(slow)
    assert schema.temporary_tables("INSERT INTO channel_hours SELECT * FROM channel_hours") == 1


def test_every_waiver_is_needed(schema, prepared):
    wrong = [s for s in prepared if schema.errors(s)]
    needless = [pattern for pattern in WAIVED if not any(re.match(pattern, s) for s in wrong)]
    assert not needless, "\n".join(needless)


def test_a_piece_of_a_list_begins_at_one_place(prepared):
    """SQLite enters an index with the first of two lower bounds, and reads all rows between them."""
    lists = [s for s in prepared if re.match(LIST, s)]
    assert len(lists) > 10
    twice = [s for s in lists if len(re.findall(r"\b(?:delivery_id|event_id|sequence) >=? \$\d+", s)) > 1]
    assert not twice, "\n".join(twice)


def test_a_run_s_events_are_found_by_the_run(schema, prepared):
    of_runs = [s for s in prepared if re.match(LIST, s) and "load_test_run_id =" in s]
    assert of_runs
    strange = {s: schema.plan(s) for s in of_runs if "events_of_run" not in " ".join(schema.plan(s))}
    assert not strange, strange


@needs(programs() is not None, "no PostgreSQL server is installed")
def test_postgresql_takes_the_schema_and_every_statement(prepared):
    with postgresql() as server:
        said = server.load()
        refused = server.refused([statement for statement in prepared if not OF_SQLITE.search(statement)])
        bad = server.refused(
            ["SELECT state FROM deliveries WHERE state LIKE 1", "SELECT sum(state = 'due') FROM replays"]
        )
    assert not said, said
    assert not refused, "\n".join(f"{words}\n    {statement}" for statement, words in refused.items())
    assert len(bad) == 2


@needs(programs() is not None, "no PostgreSQL server is installed")
def test_row_level_security_leaves_the_plans_as_they_are(prepared):
    """The service's role finds rows through the same indexes as one for which no policy holds."""
    statements = [statement for statement in prepared if not OF_SQLITE.search(statement)]
    with postgresql() as server:
        assert not server.load()
        free, walled = (server.plans(statements, role) for role in (ADMINISTRATOR, ROLE))
    assert sum(map(len, free.values())) > 200
    changed = [s for s in statements if free[s] != walled[s]]
    strange = [s for s in changed if not any(re.match(pattern, s) for pattern in WALLED)]
    assert not strange, "\n".join(f"{s}\n    {free[s]}\n    {walled[s]}" for s in strange)
    assert not [pattern for pattern in WALLED if not any(re.match(pattern, s) for s in changed)], "needless"


@pytest.mark.parametrize(
    ("statement", "word"),
    [
        ("SELECT count(*) FROM deliveries", "whole table"),
        ("SELECT d.state FROM deliveries d WHERE d.event_id = $1", "whole table"),
        ("SELECT state FROM deliveries WHERE organization_id = $1", "all of an organization"),
        (
            "SELECT state FROM deliveries WHERE organization_id = $1 AND delivery_id < $2 AND state = $3 "
            "ORDER BY delivery_id DESC LIMIT $4",
            "all of an organization",
        ),
        (
            "SELECT event_id FROM events WHERE organization_id = $1 AND received_at > $2 LIMIT 9",
            "all of an organization",
        ),
        (
            "SELECT event_id FROM events WHERE organization_id = $1 AND load_test_run_id = $2 ORDER BY received_at",
            "sorts",
        ),
        ("UPDATE deliveries SET state = 'due' WHERE lease_owner = $1", "whole table"),
        ("DELETE FROM idempotency_keys WHERE event_id = $1", "whole table"),
    ],
)
def test_a_bad_statement_is_found(schema, statement, word):
    assert any(word in error for error in schema.errors(statement)), schema.plan(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT state FROM deliveries WHERE organization_id = $1 AND delivery_id = $2",
        "SELECT sequence FROM events WHERE organization_id = $1 AND sequence < $2 ORDER BY sequence DESC LIMIT $3",
        "SELECT role FROM members WHERE organization_id = $1",
    ],
)
def test_a_good_statement_passes(schema, statement):
    assert not schema.errors(statement)


def test_statements_are_found_in_the_code(program):
    assert len(program) > 100
    assert all(re.match(r"[A-Z]+ ", literal.text) for literal in program)
