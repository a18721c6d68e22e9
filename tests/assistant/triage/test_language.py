"""Language identification: ten words, few words, mixtures, noise."""

import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.triage.language import LanguageGuess, identify, of_marketplace, possible
from assistant.vocabulary import LANGUAGES, Language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Where is my package, it should have arrived on Monday?", "en"),
        ("charger sparked lol", "en"),
        ("Die Lampe ist kaputt angekommen, was soll ich jetzt tun?", "de"),
        ("wo bleibt mein Paket", "de"),
        ("Je n'ai pas reçu mon colis", "fr"),
        ("ou est mon colis svp", "fr"),
        ("Merci !", "fr"),
        ("Il pacco non è ancora arrivato, dove si trova?", "it"),
        ("rimborso non ricevuto", "it"),
        ("donde esta mi pedido", "es"),
        ("El perfume es falso, no es original.", "es"),
        ("商品が届きません", "ja"),
        ("返品希望", "ja"),
        ("未着", "ja"),
        ("配送状況 確認", "zh"),
        ("注文番号 503-1234567-1234567 発送状況", "ja"),
        ("没收到货", "zh"),
        ("請問什麼時候到貨", "zh"),
        ("我买的ワイヤレスイヤホン坏了", "zh"),
        ("「Smart Lamp Pro Max Deluxe Edition」が壊れました", "ja"),
    ],
)
def test_main_language(text: str, language: Language) -> None:
    assert identify(text, fallback="en").language == language


@pytest.mark.parametrize(
    "text", ["", "   ", "😀😀👍", "12345", "302-1234567-1234567", "https://example.com/de"]
)
@pytest.mark.parametrize("fallback", LANGUAGES)
def test_texts_without_words_fall_back(text: str, fallback: Language) -> None:
    assert identify(text, fallback=fallback) == LanguageGuess(fallback, 0.0)


@pytest.mark.parametrize(
    ("text", "main", "mixed"),
    [
        (
            "Hallo, ich möchte die Lampe bitte zurücksenden und mein Geld zurück. My lamp arrived broken.",
            "de",
            ("en",),
        ),
        ("商品がまだ届いていないので確認をお願いいたします。 Where is my package?", "ja", ("en",)),
        ("我的订单一直没有收到，请尽快帮我查询一下物流 please refund me as soon as possible", "zh", ("en",)),
        ("The parcel never came and nobody answers my mails at all. Danke für nichts.", "en", ("de",)),
        ("我的商品还没有收到。商品が届きません、確認してください、よろしくお願いいたします。", "ja", ("zh",)),
    ],
)
def test_mixtures(text: str, main: Language, mixed: tuple[Language, ...]) -> None:
    guess = identify(text)
    assert (guess.language, guess.mixed) == (main, mixed)


def test_noise_is_not_counted() -> None:
    text = (
        "Wo ist mein Paket? B08XYZ1234 SmartHome-Light https://example.com/where/is/the/package "
        "name@example.com\n\nOn Monday, Shop wrote:\n> Hello dear customer, thank you for your message."
    )
    guess = identify(text)
    assert (guess.language, guess.mixed) == ("de", ())


def test_an_ambiguous_word_is_the_expected_language_with_low_confidence() -> None:
    guess = identify("ok", fallback="zh")
    assert guess.language == "zh"
    assert guess.confidence < 0.5


def test_threads_share_one_model() -> None:
    guesses: list[str] = []
    threads = [
        threading.Thread(target=lambda: guesses.append(identify("Wo ist mein Paket geblieben?").language))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert guesses == ["de"] * 8


def test_long_texts_are_identified() -> None:
    assert identify("Die Lampe ist kaputt angekommen, was soll ich jetzt tun? " * 3_500).language == "de"
    assert identify("x" * 200_000, fallback="fr").language == "fr"


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80))
def test_any_text_gets_an_answer(text: str) -> None:
    guess = identify(text)
    assert guess.language in LANGUAGES
    assert 0 <= guess.confidence <= 1
    assert guess.language not in guess.mixed


def test_marketplaces_and_scripts() -> None:
    assert [of_marketplace(name) for name in ("DE", "JP", "MX", "US", None)] == ["de", "ja", "es", "en", "en"]
    assert possible("😀") == ()
    assert possible("abc") == ("en", "de", "fr", "it", "es")
    assert "ja" in possible("abc 火")
