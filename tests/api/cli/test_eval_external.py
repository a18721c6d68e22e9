"""`replydesk eval external`: our figures, those of others, what was left out, what to know."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Replydesk = Callable[..., Any]


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    folder = tmp_path / "set"
    folder.mkdir()
    rows = [("sentence", "label"), ("Please cancel my order.", "CANCEL_ORDER"), ("Hm.", "NO_NODES_DETECTED")]
    with (folder / "curekart_test.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return folder


def test_figures_stand_beside_those_of_others(replydesk: Replydesk, shop: Path) -> None:
    ran = replydesk("eval", "external", "hint3", str(shop))
    assert ran.code == 0, ran.err
    lines = [" ".join(line.split()) for line in ran.out.splitlines()]
    assert "curekart in-scope accuracy 1.000 1.000 to 1.000 1" in lines
    assert "curekart out-of-scope recall, label without counterpart – 0" in lines
    assert any(line.startswith("curekart in-scope accuracy BERT 0.522 Arora et al. 2020") for line in lines)
    assert any(line.startswith("note: no like-for-like") for line in lines)


def test_for_programs(replydesk: Replydesk, shop: Path) -> None:
    told = json.loads(
        replydesk("eval", "external", "hint3", str(shop), "--json", "--limit", "1", "--seed", "3").out
    )
    assert told["name"] == "hint3"
    assert (
        sum(
            one["estimate"]["n"]
            for one in told["figures"]
            if one["name"] in {"in-scope accuracy", "out-of-scope recall"}
        )
        == 1
    )
    assert len(told["published"]) == 10


def test_what_was_left_out_is_told(replydesk: Replydesk, shop: Path) -> None:
    with (shop / "bitext.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(
            [("instruction", "intent"), ("cancel it", "cancel_order"), ("sing", "sing")]
        )
    ran = replydesk("eval", "external", "bitext", str(shop))
    assert "left out 1: an intent the table does not know: sing" in ran.out
    assert "others" not in ran.out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("love", "FOLDER"), "no public set love; there are xquad, bitext, hint3, presidio"),
        (("hint3", "/no/such"), "/no/such is no folder; hint3 needs one with curekart_test.csv"),
        (("xquad", "FOLDER"), "holds nothing of xquad"),
        (("bitext", "FOLDER"), "bitext.csv: No such file"),
        (("hint3", "FOLDER", "--limit", "0"), "limit"),
        (("xquad", "FOLDER", "--language", "xx"), "languages"),
    ],
)
def test_what_cannot_be_measured(
    arguments: tuple[str, ...], message: str, replydesk: Replydesk, shop: Path
) -> None:
    ran = replydesk("eval", "external", *(str(shop) if one == "FOLDER" else one for one in arguments))
    assert ran.code == 2
    assert message in ran.err
