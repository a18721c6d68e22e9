"""The normal form and the way back from it."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.guard.normalise import View

tricky = st.text(
    alphabet=st.one_of(
        st.characters(),
        st.sampled_from("…½②㎏ﬁİßＡｶﾞ゙é\u200b­‎️\u3000\r\n\t .!?。！？@(at)dot ａ１＠．"),
    ),
    max_size=60,
)


@given(tricky)
@example("ｶﾞ…\r\n\r\n a (at) b dot com")
@example("İ́x e\u0301 각")
def test_spans_are_inside_and_monotone(text: str) -> None:
    view = View.of(text)
    spans = [view.span(place, place + 1) for place in range(len(view.folded))]
    for start, end in spans:
        assert 0 <= start < end <= len(text)
    assert [start for start, _ in spans] == sorted(start for start, _ in spans)
    assert [end for _, end in spans] == sorted(end for _, end in spans)


@given(tricky, st.data())
def test_a_wider_span_contains_its_parts(text: str, data: st.DataObject) -> None:
    view = View.of(text)
    start = data.draw(st.integers(0, len(view.folded)))
    end = data.draw(st.integers(start, len(view.folded)))
    low, high = view.span(start, end)
    assert 0 <= low <= high <= len(text)
    assert (low == high) == (start == end)
    for place in range(start, end):
        inner = view.span(place, place + 1)
        assert low <= inner[0]
        assert inner[1] <= high


@given(st.text(alphabet=st.sampled_from("abcÄßéＡ１ｶ﹒㎏②ﬁ日本語。、"), max_size=40))
def test_a_span_folds_to_what_it_stands_for(text: str) -> None:
    view = View.of(text)
    for place in range(len(view.folded)):
        start, end = view.span(place, place + 1)
        assert view.folded[place] in unicodedata.normalize("NFKC", text[start:end]).lower()


@given(tricky)
def test_sentences_are_in_order_and_lose_only_blanks(text: str) -> None:
    view = View.of(text)
    place = 0
    for start, end in view.sentences:
        assert not view.folded[place:start].strip()
        assert start < end
        place = end
    assert not view.folded[place:].strip()


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Hello  World", "hello world"),
        ("one\r\n\r\n\r\ntwo\r\nthree", "one\n\ntwo\nthree"),
        ("ｓｈｏｐ＠ｅｘａｍｐｌｅ．ｊｐ", "shop@example.jp"),
        ("service(at)shop.de", "service@shop.de"),
        ("service [at] shop [punkt] de", "service@shop.de"),
        ("service arroba tienda punto com", "service@tienda.com"),
        ("service chiocciola negozio punto it", "service@negozio.it"),
        ("service arobase boutique point fr", "service@boutique.fr"),
        ("infoアットマークexampleドットjp", "info@example.jp"),
        ("service艾特shop点com", "service@shop.com"),
        ("www dot shop dot com", "www.shop.com"),
        ("shop @ example . com", "shop@example.com"),
        ("look at our-shop dot com", "look at our-shop.com"),
        ("p a y p a l", "paypal"),
        ("s e r v i c e @ s h o p . d e", "service@shop.de"),
        ("re\u200bview", "review"),
        ("r\u0435vi\u0435w", "review"),
        ("ｶﾞｲﾄﾞ", "ガイド"),
        ("don’t – “no”", 'don\'t - "no"'),
        ("1½ m² ℃", "1½ m² °c"),
        ("一三八零零一三八零零零", "13800138000"),
        ("Straße", "straße"),
        ("le point de vente", "le point de vente"),
        ("el punto es que", "el punto es que"),
        ("A B C D", "a b c d"),
        ("", ""),
    ],
)
def test_folding(text: str, folded: str) -> None:
    assert View.of(text).folded == folded


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two! Three?", ["one. ", "two! ", "three?"]),
        ("はい。いいえ！どうぞ", ["はい。", "いいえ!", "どうぞ"]),
        ("Siehe z.B. Nr. 5 am 3. Mai. Gut.", ["siehe z.b. nr. 5 am 3. mai. ", "gut."]),
        ("Title\n\nText", ["title\n\n", "text"]),
        ("a\n- b\n- c", ["a\n", "- b\n", "- c"]),
        ("Version 2.5 (ok?) done", ["version 2.5 (ok?) ", "done"]),
        ("  ", []),
    ],
)
def test_sentences(text: str, sentences: list[str]) -> None:
    view = View.of(text)
    assert [view.folded[start:end] for start, end in view.sentences] == sentences
    for number, (start, _) in enumerate(view.sentences):
        assert view.sentence_number(start) == number


def test_the_way_back_covers_what_was_hidden() -> None:
    text = "Mail: s e r v i c e @ s h o p . d e bitte"
    view = View.of(text)
    start = view.folded.index("service")
    assert text[slice(*view.span(start, start + len("service@shop.de")))] == "s e r v i c e @ s h o p . d e"
    assert view.span(len(view.folded), len(view.folded)) == (len(text), len(text))
