"""Which model an evaluation drafts with: none, a recorded one by name, or a live one behind a budget."""

from pathlib import Path

import pytest

from assistant.drafting.chat_model import ChatRequest, Turn
from assistant.errors import InvalidInput, ModelUnavailable
from assistant.settings import Settings
from evals import choice
from evals.choice import chosen_model, tapes
from evals.models import Budget
from evals.tapes import HOME, Recorded, Tape, key_of

REQUEST = ChatRequest((Turn("user", "Where is my parcel?"),), 5.0)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Nothing is bundled; the home is empty."""
    monkeypatch.setattr(choice, "BUNDLED", tmp_path / "bundled")
    return Settings(home=tmp_path / "home", llm_model="small-1")


def record(folder: Path, model: str, reply: str = "yes") -> Tape:
    tape = Tape(folder, model)
    tape.keep(Recorded(request=key_of(REQUEST), model=model, reply=reply))
    return tape


def test_the_composer_is_no_model(settings: Settings) -> None:
    with chosen_model("composer", settings) as one:
        assert (one.model, one.cause) == (None, "composer")


def test_tapes_are_found_by_the_model_they_name(settings: Settings, tmp_path: Path) -> None:
    bundled, own = tmp_path / "bundled", settings.home / HOME
    record(bundled, "Org/Big-2")
    record(bundled, "small-1")
    record(own, "small-1")
    (own / "empty.jsonl").write_text("", encoding="utf-8")
    (own / "other.jsonl").write_text('{"no": "model"}\n', encoding="utf-8")
    (own / "list.jsonl").write_text("[1]\n", encoding="utf-8")
    assert tapes(settings) == {"small-1": own, "Org/Big-2": bundled}


def test_a_recorded_model_replays_its_tape_and_names_its_content(settings: Settings) -> None:
    tape = record(settings.home / HOME, "small-1")
    with chosen_model("recorded", settings) as one:
        assert one.model is not None
        assert one.model.complete(REQUEST).text == "yes"
        before = one.cause
    assert before.startswith("small-1@")
    tape.keep(Recorded(request="0" * 64, model="small-1", reply="more"))
    with chosen_model("recorded:small-1", settings) as one:
        assert one.cause != before


@pytest.mark.parametrize(
    ("there", "asked", "found"),
    [
        (["big"], "recorded", "big"),
        (["big", "small-1"], "recorded", "small-1"),
        (["big", "small-1"], "recorded:big", "big"),
    ],
)
def test_which_tape_is_meant(settings: Settings, there: list[str], asked: str, found: str) -> None:
    for name in there:
        record(settings.home / HOME, name)
    with chosen_model(asked, settings) as one:
        assert one.model is not None
        assert one.model.name == found


@pytest.mark.parametrize(
    ("there", "asked", "match"),
    [
        ([], "recorded", r"no recorded model \(name it: recorded:NAME\); none is recorded; `--model live`"),
        (["a", "b"], "recorded", "there are a, b"),
        (["a"], "recorded:c", "no recorded model c; there are a"),
        ([], "gpt", "no model gpt; there are composer, recorded, recorded:NAME and live"),
    ],
)
def test_a_model_that_is_not_there_is_refused(
    settings: Settings, there: list[str], asked: str, match: str
) -> None:
    for name in there:
        record(settings.home / HOME, name)
    with pytest.raises(InvalidInput, match=match), chosen_model(asked, settings):
        pass


def test_a_live_model_is_recorded_in_the_home_within_its_budget(settings: Settings) -> None:
    with chosen_model("live", settings, Budget(max_calls=0)) as one:
        assert one.cause == "small-1 (live)"
        assert one.model is not None
        with pytest.raises(ModelUnavailable, match="budget of 0 calls is spent"):
            one.model.complete(REQUEST)
    record(settings.home / HOME, "small-1", "kept")
    with chosen_model("live", settings, Budget(max_calls=0)) as one:
        assert one.model is not None
        assert one.model.complete(REQUEST).text == "kept"


def test_a_live_model_needs_a_server(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name)
    alone = Settings(home=settings.home)
    with (
        pytest.raises(InvalidInput, match="needs OPENAI_API_KEY, or OPENAI_BASE_URL"),
        chosen_model("live", alone),
    ):
        pass
