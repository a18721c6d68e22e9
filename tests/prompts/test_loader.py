import re
import tomllib

import pytest

from prompts.loader import FOLDER, Prompt, active, load, released

TASKS = sorted(tomllib.loads((FOLDER / "active.toml").read_text("utf-8"))["active"])


@pytest.mark.parametrize("task", TASKS)
def test_every_active_prompt_exists_and_is_hashed(task: str) -> None:
    prompt = active(task)
    assert re.fullmatch(rf"{task}/v\d+@[0-9a-f]{{8}}", prompt.reference)
    assert prompt == load(task, prompt.version)


def test_every_folder_of_prompts_is_active() -> None:
    folders = {path.parent.name for path in FOLDER.glob("*/v*.md")}
    assert folders == set(TASKS)


def test_every_version_is_released_with_its_hash() -> None:
    versions = {f"{path.parent.name}/{path.stem}" for path in FOLDER.glob("*/v*.md")}
    assert released().keys() == versions
    assert all(released()[f"{task}/{active(task).version}"] == active(task).sha256 for task in TASKS)


def test_values_are_never_interpreted_again() -> None:
    prompt = Prompt("t", "v1", "0" * 64, "Buyer says: $message")
    assert prompt.render(message="$secret {x} ${y} %s") == "Buyer says: $secret {x} ${y} %s"


def test_a_missing_value_and_a_superfluous_one_are_refused() -> None:
    prompt = Prompt("t", "v1", "0" * 64, "$a")
    with pytest.raises(KeyError):
        prompt.render()
    with pytest.raises(ValueError, match="no placeholder for b"):
        prompt.render(a="1", b="2")


def test_an_unknown_task_is_refused() -> None:
    with pytest.raises(KeyError):
        active("no-such-task")
