"""The phrase files: complete, equal in what they say, free of what must never be sent."""

import re
import tomllib
from string import Template

import emoji
import pytest
import regex

from prompts import phrase_blocks
from prompts.phrase_blocks import FOLDER, VARIANTS, PhraseBook, PhrasesInvalid, book, parse, slots

LANGUAGES = ("en", "de", "fr", "it", "es", "ja", "zh")
LATIN = ("en", "de", "fr", "it", "es")

FORBIDDEN = {
    "en": r"\b(review|rating|feedback|stars?\b|guarantee|promise|whatsapp|call us|refund you)",
    "de": r"\b(bewert|rückmeldung|feedback|rezension|sterne|versprechen wir|garantieren)",
    "fr": r"\b(avis client|évaluation|note |commentaire|étoile|promett|garantissons)",
    "it": r"\b(recension|valutazione|feedback|stelle|promett|riscontro)",
    "es": r"\b(reseña|valoración|opinión|estrella|promete|comentario)",
    "ja": r"(レビュー|評価|フィードバック|星|お約束|電話|LINE)",
    "zh": r"(评价|好评|差评|评论|反馈|星|保证|微信|电话)",
}


def texts(phrases: PhraseBook) -> list[tuple[str, str]]:
    said = [(slot, variant) for slot, variants in phrases.slots.items() for variant in variants]
    names = [(f"names.{name}", form) for name, form in phrases.names.items()]
    return said + names + [("symptoms", symptom.say) for symptom in phrases.symptoms]


@pytest.fixture(scope="module", params=LANGUAGES)
def phrases(request: pytest.FixtureRequest) -> PhraseBook:
    return book(request.param)


def test_every_language_fills_every_slot_with_different_variants(phrases: PhraseBook) -> None:
    assert phrases.slots.keys() == slots().keys()
    for slot, variants in phrases.slots.items():
        assert len(set(variants)) >= VARIANTS, slot


def test_every_variant_uses_exactly_the_values_of_its_slot(phrases: PhraseBook) -> None:
    for slot, variants in phrases.slots.items():
        for variant in variants:
            assert set(Template(variant).get_identifiers()) == slots()[slot], (slot, variant)


def test_phrases_hold_no_figures_links_addresses_or_pictures(phrases: PhraseBook) -> None:
    for slot, text in texts(phrases):
        fixed = re.sub(r"\$\w+", "", text, flags=re.ASCII)
        assert not re.search(r"[0-9０-９@%€£¥*_#<>{}\[\]]|http|www", fixed), (slot, text)
        assert not emoji.emoji_count(text), (slot, text)


def test_phrases_hold_no_word_about_opinions_promises_or_other_channels(phrases: PhraseBook) -> None:
    for slot, text in texts(phrases):
        assert not re.search(FORBIDDEN[phrases.language], text, re.IGNORECASE), (slot, text)


def test_phrases_never_speak_as_amazon_nor_shout(phrases: PhraseBook) -> None:
    for slot, text in texts(phrases):
        assert not re.search(r"we at amazon|wir bei amazon|当社Amazon", text, re.IGNORECASE)
        assert "!" not in text, (slot, text)
        assert text.count("！") <= (slot == "greeting"), (slot, text)


@pytest.mark.parametrize(
    ("language", "wrong"),
    [
        ("de", r"\b(du|dir|dich|dein\w*|ihr habt|euch)\b"),
        ("fr", r"\b(tu|toi|ton|ta|tes|désolée?s?)\b"),
        ("it", r"\b(tuo|tua|tuoi|tue|ti|vostro|vostra)\b"),
        ("es", r"\b(tú|tu|tus|ti|contigo|vosotros|vuestr\w+)\b"),
        ("zh", r"你"),
        ("ja", r"(あなた|だよ|だね|してね)"),
    ],
)
def test_the_buyer_is_addressed_formally(language: str, wrong: str) -> None:
    for slot, text in texts(book(language)):
        assert not re.search(wrong, text, re.IGNORECASE), (slot, text)


@pytest.mark.parametrize("language", LATIN)
def test_no_sentence_starts_with_an_inserted_name(language: str) -> None:
    for slot, variants in book(language).slots.items():
        for variant in variants:
            assert not re.search(r"(^|[.?] )\$(item|order|shipped|deliver_by|refunded)\b", variant), (
                slot,
                variant,
            )


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_end(language: str) -> None:
    for slot, variants in book(language).slots.items():
        if slot not in {"greeting", "sign_off"}:
            for variant in variants:
                assert regex.search(r"[.?:。？：]$", variant), (slot, variant)


@pytest.mark.parametrize(
    ("language", "name"),
    [
        ("en", "Your Orders"), ("de", "Meine Bestellungen"), ("fr", "Vos commandes"), ("it", "I miei ordini"),
        ("es", "Mis pedidos"), ("ja", "注文履歴"), ("zh", "我的订单"),
    ],
)  # fmt: skip
def test_the_way_to_amazon_is_named_as_amazon_names_it(language: str, name: str) -> None:
    for slot in ("step.fba", "step.return", "step.in_transit", "ask.order_number"):
        assert all(name in variant for variant in book(language).slots[slot]), slot


def test_the_reference_changes_with_the_file() -> None:
    assert re.fullmatch(r"phrases@[0-9a-f]{8}", book("en").reference)
    assert len({book(language).reference for language in LANGUAGES}) == len(LANGUAGES)


def broken(old: str, new: str) -> str:
    text = (FOLDER / "phrases" / "en.toml").read_text(encoding="utf-8")
    assert old in text
    return text.replace(old, new, 1)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "partly_shipped = [",
            "partly_sent = [",
            "missing or unknown: fact.partly_sent, fact.partly_shipped",
        ),
        (
            '"The order has been shipped."',
            '"The package has left our warehouse."',
            "fact.shipped needs 3 different variants",
        ),
        ("The order was shipped on $shipped.", "It was shipped.", "fact.shipped_on must use exactly"),
        ("The order was shipped on $shipped.", "It cost $ 5.", "fact.shipped_on must use exactly"),
        ("item_plain =", "thing_plain =", "names missing or unknown"),
        ("no_power =", "no_current =", "symptoms missing or unknown"),
        ('item_plain = "your item"', 'item_plain = "your $title"', "names.item_plain must use exactly"),
    ],
)
def test_an_incomplete_file_is_refused_with_the_slot(old: str, new: str, told: str) -> None:
    with pytest.raises(PhrasesInvalid, match=re.escape(told)):
        parse(broken(old, new), "en")


def test_a_language_without_a_file_is_refused() -> None:
    with pytest.raises(PhrasesInvalid, match="no phrases"):
        phrase_blocks.book("nl")


def test_the_list_of_slots_is_valid_toml_with_sections() -> None:
    content = tomllib.loads((FOLDER / "phrase_slots.toml").read_text(encoding="utf-8"))
    assert content.keys() == {"slots", "names", "symptoms"}
