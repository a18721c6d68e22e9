"""What is generated is up to date."""

from pathlib import Path

import pytest

from api.cli import reference as module
from api.cli.reference import environment, generated, reference
from assistant.settings import Settings


def test_the_generated_files_are_up_to_date() -> None:
    for path, content in generated().items():
        assert path.read_text(encoding="utf-8") == content, f"{path.name} is out of date: run `make docs`"


def test_the_generator_writes_both_files(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "api").mkdir()
    monkeypatch.setattr(module, "ROOT", tmp_path)
    module.main()
    assert capsys.readouterr().out.split() == ["env.example", "api/reference.md"]
    assert (tmp_path / "env.example").read_text("utf-8") == environment()


def test_every_setting_is_in_env_example() -> None:
    text = environment()
    assert text.count("=") >= len(Settings.model_fields)
    assert "# OPENAI_API_KEY=" in text
    assert "# REPLYDESK_HOME=.replydesk" in text


def test_the_reference_names_every_command_and_route() -> None:
    text = reference()
    for name in (
        "replydesk guard check",
        "replydesk kb rollback N",
        "POST /v1/suggestions",
        "REPLYDESK_PORT",
    ):
        assert name in text
