import threading

import pytest

from knowledge_base.analysis import terms
from knowledge_base.lexical import LexicalIndex


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("en", "batteries charged", "battery charging"),
        ("de", "Rückgaben", "Rückgabe"),
        ("de", "Akkulaufzeit", "Laufzeiten"),
        ("fr", "les remboursements", "remboursement"),
        ("it", "le spedizioni", "spedizione"),
        ("es", "las devoluciones", "devolución"),
        ("ja", "フィルターを交換した", "フィルターの交換方法"),
        ("zh", "我想退货", "退货怎么办"),
        ("en", "VN-AF55", "vn-af55"),
        ("en", "model AF55", "VN-AF55"),
        ("ja", "VN-RS30のエラー", "エラー VN-RS30"),
        ("ko", "plain word", "Plain words"),
    ],
)
def test_forms_of_a_word_meet(language: str, one: str, other: str) -> None:
    assert set(terms(one, language)) & set(terms(other, language))


def test_particles_and_marks_say_nothing() -> None:
    assert not {"の", "を", "。"} & set(terms("私の本を。", "ja"))
    assert "，" not in terms("退货，谢谢", "zh")


def test_dictionaries_serve_many_threads(
    recwarn: pytest.WarningsRecorder, capfd: pytest.CaptureFixture[str]
) -> None:
    found: list[list[str]] = []
    texts = [("包裹在哪里", "zh"), ("荷物はどこですか", "ja"), ("Lieferungen", "de")] * 8
    threads = [threading.Thread(target=lambda text=text: found.append(terms(*text))) for text in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == len(texts)
    assert len({tuple(one) for one in found}) == 3
    assert list(recwarn) == []
    assert capfd.readouterr() == ("", "")


def test_scores_and_odd_shelves() -> None:
    index = LexicalIndex(["en", "de", "en"], [["hello", "batteri"], ["hallo"], []])
    positions, scores = index.scores("battery", "en")
    assert positions.tolist() == [0, 2]
    assert scores[0] > scores[1] == 0
    assert index.scores("unknown words", "en")[1].tolist() == [0, 0]
    assert index.scores("battery", "fr")[0].tolist() == []
    assert index.scores("battery", None)[0].tolist() == []
    assert LexicalIndex([], []).guess_language("hello") is None
    assert index.guess_language("xyzzy") is None
    assert index.guess_language("") is None
