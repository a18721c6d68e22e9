"""Files that cannot be kept."""

from pathlib import Path

import pytest

from api.knowledge_schemas import Upload
from api.uploads import take_in
from assistant.bootstrap import App
from assistant.errors import StoreUnavailable


def test_a_home_that_cannot_be_written_is_said(desk: App, tmp_path: Path) -> None:
    (tmp_path / "uploads").write_text("a file where the folder should be")
    with pytest.raises(StoreUnavailable, match="cannot be"):
        take_in(desk.knowledge, tmp_path, Upload(filename="a.md", content="x"), "me")


def test_a_folder_in_the_place_of_the_file_is_said(desk: App, tmp_path: Path) -> None:
    (tmp_path / "uploads" / "a.md").mkdir(parents=True)
    with pytest.raises(StoreUnavailable, match="cannot be read"):
        take_in(desk.knowledge, tmp_path, Upload(filename="a.md", content="x"), "me")
