"""What order, thread, subject and mood add to the words; time and reasons."""

import time
from typing import Any

import pytest

from assistant.triage.classify import TriageRequest, classify
from assistant.vocabulary import INTENT_TIER, Intent, RiskFlag

AT = "2026-11-20T12:00:00Z"
ORDER: dict[str, Any] = {
    "order_id": "302-1234567-1234567",
    "status": "SHIPPED",
    "fulfilled_by": "MERCHANT",
    "shipped_at": "2026-11-10",
}


def triage_of(text: str, **fields: Any) -> Any:
    return classify(TriageRequest.model_validate({"text": text, "at": AT, **fields}))


@pytest.mark.parametrize(
    ("text", "order", "intent", "route"),
    [
        ("Where is my parcel?", {"deliver_by": "2026-11-18"}, "delivery_delay", "agent"),
        ("Where is my parcel?", {"deliver_by": "2026-11-25"}, "tracking", "agent"),
        ("I have not received my parcel.", {"deliver_by": "2026-11-25"}, "delivery_delay", "agent"),
        ("I have not received my parcel.", {"deliver_by": "2026-11-18"}, "delivery_delay", "agent"),
        ("I have not received my parcel.", {"deliver_by": "2026-11-10"}, "not_received", "logistics"),
        ("It still has not arrived yet.", {"delivered_at": "2026-11-15"}, "not_received", "logistics"),
        ("I have not received my parcel.", {}, "not_received", "logistics"),
        ("How do I pair it?", {"deliver_by": "2026-11-10"}, "usage_help", "agent"),
    ],
)
def test_the_order_tells_late_from_lost(text: str, order: dict[str, Any], intent: str, route: str) -> None:
    triage = triage_of(text, order={**ORDER, **order})
    assert (triage.main_intent, triage.route) == (intent, route), triage.reasons


def test_a_complaint_repeated_after_an_answer_is_a_dispute() -> None:
    thread = [
        {"from": "buyer", "text": "The lamp is broken."},
        {"from": "seller", "text": "Please try another socket."},
    ]
    triage = triage_of("The lamp is still broken.", thread=thread)
    assert (triage.tier, triage.route) == (3, "supervisor")
    assert "quality_dispute" in [intent.name for intent in triage.intents]
    first = triage_of("The lamp is broken.", thread=thread[:1])
    assert first.tier == 2


def test_a_danger_told_earlier_in_the_conversation_is_one_still() -> None:
    thread = [{"from": "buyer", "text": "The lamp sparked."}, {"from": "seller", "text": "No smoke?"}]
    assert triage_of("When do I hear from you?", thread=thread).risk_flags == ("safety",)
    assert triage_of("When do I hear from you?", thread=thread[1:]).risk_flags == ()


def test_money_spoken_of_before_makes_it_a_question_of_refund_status() -> None:
    thread = [
        {"from": "buyer", "text": "When will I get my refund?"},
        {"from": "seller", "text": "Within five days."},
    ]
    assert triage_of("So I want my money back.", thread=thread).main_intent == "refund_status"
    refunded = {**ORDER, "refund": {"amount": "5", "currency": "EUR", "at": "2026-11-15"}}
    assert triage_of("I want my money back.", order=refunded).main_intent == "refund_status"
    assert triage_of("I want my money back.").main_intent == "return_request"


def test_a_product_question_without_order_may_come_before_buying() -> None:
    names = [intent.name for intent in triage_of("Is the lamp dimmable, what is the wattage?").intents]
    assert names == ["product_question", "presale"]
    names = [intent.name for intent in triage_of("What is the wattage?", order=ORDER).intents]
    assert names == ["product_question"]


DELIVERED = {**ORDER, "delivered_at": "2026-11-15"}


@pytest.mark.parametrize(
    ("text", "order", "intent"),
    [
        ("May I put oil into the tank?", DELIVERED, "usage_help"),
        ("May I put it on the balcony?", DELIVERED, "usage_help"),
        ("Any trick for the filter?", ORDER, "usage_help"),
        ("I bought the humidifier, any trick for the filter?", None, "usage_help"),
        ("Is the humidifier allowed outdoors?", None, "product_question"),
        ("The parcel left Germany on Monday, all normal?", ORDER, "tracking"),
        ("The screen shows E05 and it stopped working.", DELIVERED, "usage_help"),
        ("Which size for 175 cm?", None, "presale"),
        ("Which size for 175 cm?", DELIVERED, "size_fit"),
        ("They left a card, I was not at home.", ORDER, "tracking"),
        ("Hello there.", DELIVERED, "other"),
        ("Can you call me?", None, "other"),
    ],
)
def test_a_question_without_a_matter_is_about_parcel_or_product(
    text: str, order: dict[str, Any] | None, intent: str
) -> None:
    triage = triage_of(text, order=order)
    assert triage.main_intent == intent, triage.reasons


def test_a_message_without_a_matter_goes_on_with_that_of_the_conversation() -> None:
    thread = [
        {"from": "buyer", "text": "I have not received my parcel."},
        {"from": "seller", "text": "Please ask your neighbours."},
    ]
    text = "Asked everybody, nobody knows."
    assert triage_of(text, order=DELIVERED, thread=thread).main_intent == "not_received"
    assert triage_of(text, order=DELIVERED).main_intent == "other"
    assert triage_of("Thanks!", order=DELIVERED, thread=thread).main_intent == "thanks"


def test_a_gap_in_a_phrase_ends_with_its_clause() -> None:
    assert triage_of("I did not listen, and now I get to hear about it.").main_intent == "other"


def test_the_subject_counts_less_but_counts() -> None:
    subject = triage_of("See attachment.", subject="Refund not received")
    body = triage_of("Refund not received.")
    assert subject.main_intent == body.main_intent == "refund_status"
    assert subject.intents[0].confidence < body.intents[0].confidence
    assert any(reason.startswith("subject, ") for reason in subject.reasons)


def test_the_subject_tells_the_language_of_a_message_without_words() -> None:
    assert triage_of("😀", subject="Wo ist mein Paket?").language == "de"


def test_quoted_earlier_mail_does_not_count() -> None:
    text = "Thanks!\n\nOn Mon, 3 Nov 2026 at 10:00, Shop wrote:\n> The lamp sparked and caught fire."
    assert triage_of(text).risk_flags == ()


def test_several_matters_take_the_highest_tier() -> None:
    triage = triage_of("Please send an invoice. Also the mug arrived broken and I will call my lawyer.")
    assert triage.tier == 3
    assert {"invoice_request", "damaged", "legal_threat"} <= {intent.name for intent in triage.intents}


def test_a_declared_language_is_kept_and_both_tables_are_read() -> None:
    triage = triage_of("La lampe a pris feu.", language="de")
    assert triage.language == "de"
    assert "safety" in triage.risk_flags


@pytest.mark.parametrize(
    ("text", "marketplace", "language"),
    [("", "DE", "de"), ("👍", "JP", "ja"), ("12345", "UK", "en"), ("", None, "en"), ("\n\n", "MX", "es")],
)
def test_messages_without_words(text: str, marketplace: str | None, language: str) -> None:
    triage = triage_of(text, marketplace=marketplace)
    assert (triage.tier, triage.main_intent, triage.route) == (1, "other", "agent")
    assert triage.language == language


@pytest.mark.parametrize(
    ("text", "sentiment"),
    [
        ("Where is my parcel?", "calm"),
        ("I am worried, will it arrive in time for the birthday?", "worried"),
        ("The charger smokes a little.", "worried"),
        ("I am really disappointed with this lamp.", "frustrated"),
        ("WHERE IS MY PARCEL NOW!!", "frustrated"),
        ("I am disappointed. WHERE IS MY PARCEL!!!", "angry"),
        ("This is outrageous, you are a disgrace.", "angry"),
        ("You are idiots.", "angry"),
        ("Ich bin sehr enttäuscht von der Lampe.", "frustrated"),
        ("Das ist eine Frechheit, ich bin stinksauer!", "angry"),
        ("C'est une honte, un vrai scandale !", "angry"),
        ("Sono molto deluso dal prodotto.", "frustrated"),
        ("Estoy muy decepcionado con el producto.", "frustrated"),
        ("とても残念です。", "frustrated"),
        ("太让人失望了。", "frustrated"),
    ],
)
def test_sentiment(text: str, sentiment: str) -> None:
    assert triage_of(text).sentiment == sentiment


def test_reasons_name_the_words_and_the_row() -> None:
    reasons = triage_of("It sparked a bit, lol").reasons
    expected = "safety: 'sparked' (tables/danger_en.toml: sparks; sparks or flames from a product (AMZ-38))"
    assert expected in reasons
    assert "tier 3: safety, safety_incident" in reasons
    assert any(reason.startswith("route compliance: ") for reason in reasons)


def test_flags_and_their_intents_go_together() -> None:
    pairs = {
        "safety": "safety_incident", "legal": "legal_threat", "a_to_z": "a_to_z_claim",
        "counterfeit": "counterfeit_claim", "privacy": "privacy_request", "fraud": "fraud_suspicion",
        "chargeback": "chargeback", "review_threat": "review_threat", "abuse": "abuse",
    }  # fmt: skip
    assert set(pairs) | {"injection"} == set(RiskFlag)
    triage = triage_of(
        "My lawyer says the fake battery exploded, I will file an A-to-z claim and a chargeback."
    )
    names = {intent.name for intent in triage.intents}
    assert len(triage.risk_flags) >= 5
    assert all(pairs[flag] in names for flag in triage.risk_flags)
    assert all(0 < intent.confidence <= 1 for intent in triage.intents)
    assert INTENT_TIER[Intent.SAFETY_INCIDENT] == 3


@pytest.mark.parametrize(
    "text",
    [
        "I want a refund for my broken lamp. " * 5_500,
        "我没有收到货物也没有退款" * 16_000,
        "smoke detector " * 13_000,
        "x" * 200_000,
        "\n" * 200_000,
        "> a\n" * 50_000,
    ],
    ids=["english", "chinese", "look-alikes", "one word", "breaks", "quoted"],
)
def test_very_long_messages_stay_linear(text: str) -> None:
    triage_of("warm up: Danke. Merci. 谢谢 ありがとう")
    started = time.process_time()
    triage_of(text)
    assert time.process_time() - started < 1.0  # 0.1 s on a quiet machine; quadratic would be minutes


def test_a_danger_deep_in_a_long_message_is_found() -> None:
    text = "All is well so far. " * 5_000 + "Then it caught fire. " + "The rest is fine. " * 4_000
    assert "safety" in triage_of(text).risk_flags
