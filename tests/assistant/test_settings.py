from pathlib import Path

import pytest

from assistant.errors import SettingsInvalid
from assistant.settings import load


def test_the_defaults_need_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY")
    settings = load()
    assert settings.llm == "composer"
    assert settings.embeddings == "bundled"
    assert settings.sqlalchemy_url.startswith("sqlite:///")
    assert settings.sqlalchemy_url.endswith("/.replydesk/replydesk.sqlite3")


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("REPLYDESK_HOME", str(tmp_path))
    monkeypatch.setenv("REPLYDESK_LLM", "openai")
    monkeypatch.setenv("REPLYDESK_DATABASE_URL", "postgresql://db/x")
    settings = load()
    assert settings.home == tmp_path
    assert settings.llm == "openai"
    assert settings.sqlalchemy_url == "postgresql://db/x"
    assert settings.openai_base_url == "http://127.0.0.1:9/v1"


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("REPLYDESK_LLM", "gpt"),
        ("REPLYDESK_PORT", "eighty"),
        ("REPLYDESK_ANSWER_HOURS", "48"),
        ("REPLYDESK_LLM_TIMEOUT_SECONDS", "0"),
    ],
)
def test_a_bad_value_names_its_variable(monkeypatch: pytest.MonkeyPatch, variable: str, value: str) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsInvalid, match=variable):
        load()


def test_an_empty_variable_is_an_absent_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPLYDESK_LLM", "")
    assert load().llm == "composer"


def test_the_key_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-very-secret")
    assert "sk-very-secret" not in repr(load())
