"""`replydesk keys` and `replydesk audit`."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text, update

from assistant.bootstrap import App, build_store_only
from assistant.settings import Settings
from assistant.store.tables import audit_rows

Replydesk = Callable[..., Any]


def test_a_key_is_made_listed_and_ended(replydesk: Replydesk) -> None:
    made = json.loads(replydesk("keys", "add", "--role", "agent", "--name", "Kim", "--json").out)
    assert made.keys() >= {"id", "role", "key"}
    assert made["role"] == "agent"
    shown = replydesk("keys", "add", "--role", "qa")
    assert "not shown again" in shown.out
    listed = json.loads(replydesk("keys", "list", "--json").out)
    assert [(key["role"], key["name"]) for key in listed] == [("agent", "Kim"), ("qa", "qa")]
    assert made["key"] not in replydesk("keys", "list").out
    assert "revoked" in replydesk("keys", "revoke", made["id"]).out
    again = json.loads(replydesk("keys", "revoke", made["id"], "--json").out)
    assert again["revoked_at"].endswith("Z")


@pytest.mark.parametrize(
    "arguments",
    [
        ("add",),
        ("add", "--role", "boss"),
        ("revoke", "none"),
        ("revoke",),
        ("add", "--role", "qa", "--name", "\n\a"),
    ],
)
def test_mistakes_give_one_line(replydesk: Replydesk, arguments: tuple[str, ...]) -> None:
    ran = replydesk("keys", *arguments)
    assert ran.code == 2
    assert len(ran.err.splitlines()) == 1


def test_a_key_made_beside_a_running_service_works_at_once(
    replydesk: Replydesk, desk: App, client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REPLYDESK_HOME", str(desk.settings.home))
    made = json.loads(replydesk("keys", "add", "--role", "agent", "--json").out)
    answer = client.get("/v1/suggestions", headers={"Authorization": f"Bearer {made['key']}"})
    assert answer.status_code == 200


def test_the_audit_trail_is_verified_and_exported(replydesk: Replydesk, home: Path, tmp_path: Path) -> None:
    replydesk("keys", "add", "--role", "agent")
    replydesk("keys", "add", "--role", "qa")
    assert json.loads(replydesk("audit", "verify", "--json").out) == {"ok": True, "rows": 2, "error": None}
    rows = [json.loads(line) for line in replydesk("audit", "export", "--days", "7").out.splitlines()]
    assert [row["action"] for row in rows] == ["key_added", "key_added"]
    out = tmp_path / "audit.jsonl"
    assert replydesk("audit", "export", "--out", str(out)).code == 0
    assert len(out.read_text().splitlines()) == 2
    assert replydesk("audit", "export", "--since", "2999-01-01").out == ""
    assert replydesk("audit", "export", "--until", "soon").code == 2
    assert replydesk("audit", "export", "--out", str(tmp_path)).code == 2
    with build_store_only(Settings(home=home)) as app, app.engine.begin() as connection:
        connection.execute(text("DROP TRIGGER audit_rows_no_update"))
        connection.execute(update(audit_rows).where(audit_rows.c.seq == 1).values(actor="somebody else"))
    broken = replydesk("audit", "verify")
    assert broken.code == 1
    assert broken.out.startswith("broken: audit row 1")
    assert json.loads(replydesk("audit", "verify", "--json").out)["ok"] is False
