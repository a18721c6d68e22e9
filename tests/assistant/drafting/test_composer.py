"""The composer: LEARN in seven languages, facts only from order and knowledge, nothing promised."""

# ruff: noqa: E501 (a case of a table stands on one line)

from datetime import UTC, datetime
from string import Template
from typing import Any

import pytest
import regex
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.domain import Case, Draft, Passage, ScoredIntent, Triage
from assistant.drafting.composer import compose
from assistant.triage.language import identify
from assistant.vocabulary import INTENT_TIER, LANGUAGES, MARKETPLACES, Intent, Language, RiskFlag
from prompts.phrase_blocks import book

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ORDER = {
    "order_id": "302-1234567-7654321",
    "status": "SHIPPED",
    "fulfilled_by": "MERCHANT",
    "purchased_at": "2026-11-10T10:00:00Z",
    "shipped_at": "2026-11-12",
    "deliver_by": "2026-11-18",
    "carrier": "DHL",
    "tracking_number": "00340434161094000000",
    "items": [{"asin": "B0VNAF5501", "title": "Velanoor CrispAir 5, black"}],
}
DELIVERED = ORDER | {"delivered_at": "2026-11-15"}
TEXT: dict[Language, str] = {
    "en": "Please tell me what is going on.",
    "de": "Bitte sagen Sie mir, was los ist.",
    "fr": "Dites-moi ce qui se passe, s'il vous plaît.",
    "it": "Mi dica per favore che cosa succede.",
    "es": "Dígame, por favor, qué pasa.",
    "ja": "どうなっているのか教えてください。",
    "zh": "请告诉我怎么回事。",
}
ANSWER: dict[Language, str] = {
    "en": "Wash the filter by hand and let it dry.",
    "de": "Waschen Sie den Filter von Hand und lassen Sie ihn trocknen.",
    "fr": "Lavez le filtre à la main et laissez-le sécher.",
    "it": "Lavi il filtro a mano e lo lasci asciugare.",
    "es": "Lave el filtro a mano y déjelo secar.",
    "ja": "フィルターは手洗いし、乾かしてください。",
    "zh": "请手洗滤网并晾干。",
}
REDIRECT = {"en": "Your Orders", "de": "Meine Bestellungen", "fr": "Vos commandes", "it": "I miei ordini",
            "es": "Mis pedidos", "ja": "注文履歴", "zh": "我的订单"}  # fmt: skip


def make(
    intent: Intent | str,
    language: Language = "en",
    *,
    text: str | None = None,
    more: tuple[str, ...] = (),
    passages: tuple[dict[str, Any], ...] = (),
    triage: dict[str, Any] | None = None,
    marketplace: str = "DE",
    **case: Any,
) -> Draft:
    name = Intent(intent)
    message = {
        "text": TEXT[language] if text is None else text,
        "marketplace": marketplace,
        "thread_id": "t-1",
    }
    intents = [{"name": name, "confidence": 0.9}, *({"name": one, "confidence": 0.5} for one in more)]
    found = {"tier": INTENT_TIER[name], "intents": intents, "language": language, "route": "agent"} | (
        triage or {}
    )
    return compose(
        Case.model_validate({"message": message} | case),
        Triage.model_validate(found),
        [Passage.model_validate(passage) for passage in passages],
        now=NOW,
    )


def says(draft: Draft, slot: str) -> bool:
    """Whether a variant of the slot stands in the text, whatever its values are."""
    variants = book(draft.language).slots[slot]
    patterns = [regex.escape(Template(one).template) for one in variants]
    return any(
        regex.search(regex.sub(r"\\\$[A-Za-z]\w*", "[^\n]+?", one, flags=regex.A), draft.text)
        for one in patterns
    )


def says_any(draft: Draft, table: str) -> bool:
    return any(says(draft, slot) for slot in book(draft.language).slots if slot.startswith(f"{table}."))


def answer(of: Language, **fields: Any) -> dict[str, Any]:
    text = ANSWER[of]
    return {"document_id": f"faq-{of}", "chunk_id": "c1", "release": "3", "language": of,
            "score": 0.8, "text": f"?\n{text}", "question": "?", "answer": text} | fields  # fmt: skip


# --- LEARN --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("intent", list(Intent))
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reply_listens_empathizes_acknowledges_and_notifies_in_the_buyers_language(
    language: Language, intent: Intent
) -> None:
    for order in (None, ORDER, DELIVERED):
        draft = make(intent, language, order=order)
        for table in ("listen", "empathize", "acknowledge", "notify"):
            assert says_any(draft, table), (table, draft.text)
        resolves = ("fact", "step", "ask", "intro")
        assert any(says_any(draft, table) for table in resolves) or intent is Intent.THANKS, draft.text
        assert len(draft.text) < 1200
        assert draft.language == language
        assert identify(draft.text).language == language
        assert "$" not in draft.text
        assert not regex.search(r"\n{3,}|[ ]{2,}", draft.text)


@pytest.mark.parametrize("sentiment", ["worried", "frustrated", "angry"])
def test_the_feeling_is_met(sentiment: str) -> None:
    assert says(make("tracking", order=ORDER, triage={"sentiment": sentiment}), f"empathize.{sentiment}")
    assert says(make("legal_threat", order=ORDER, triage={"sentiment": sentiment}), "empathize.neutral")


def test_the_draft_names_its_drafter_and_its_phrases() -> None:
    draft = make("tracking", "de", order=ORDER)
    assert (draft.drafter, draft.model, draft.latency_ms) == ("composer", None, 0.0)
    assert draft.prompt == book("de").reference
    assert "Bestellnummer: 302-1234567-7654321" in draft.text


# --- variety ------------------------------------------------------------------------------------------------


def test_equal_cases_give_equal_texts_and_other_words_give_other_texts() -> None:
    assert make("tracking", order=ORDER) == make("tracking", order=ORDER)
    texts = {make("tracking", order=ORDER, text=f"Where is it? {number}").text for number in range(12)}
    assert len(texts) > 8


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_wording_of_our_last_message_is_not_repeated(language: Language) -> None:
    first = make("damaged", language, order=DELIVERED).text
    thread = [{"from": "buyer", "text": "x"}, {"from": "seller", "text": first}]
    second = make("damaged", language, order=DELIVERED, thread=thread).text
    said = {part for part in regex.split(r"\n+|(?<=[.?]) |(?<=[。？])", first) if len(part) > 12}
    repeated = {part for part in said if part in second and "302-" not in part}
    repeated -= {sign_off.splitlines()[-1] for sign_off in book(language).slots["sign_off"]}
    assert repeated == set()


def test_a_buyer_who_had_to_chase_is_met_with_that_and_one_who_answers_us_is_thanked() -> None:
    chasing = make("tracking", order=ORDER, thread=[{"from": "buyer", "text": "Where is it?"}])
    answering = make("damaged", order=DELIVERED,
                     thread=[{"from": "buyer", "text": "Broken"}, {"from": "seller", "text": "A photo?"}])  # fmt: skip
    assert says(chasing, "again")
    assert says(answering, "continued")
    assert not says(answering, "again")
    assert not says(make("tracking", order=ORDER), "again")


# --- facts of the order -------------------------------------------------------------------------------------


def test_a_late_parcel_is_told_with_every_fact() -> None:
    draft = make("delivery_delay", "de", order=ORDER | {"last_scan_at": "2026-11-16"})
    for fact in (
        "12. November 2026",
        "DHL",
        "00340434161094000000",
        "16. November 2026",
        "18. November 2026",
    ):
        assert fact in draft.text
    assert says(draft, "fact.overdue")
    assert draft.outcome == "answerable"


@pytest.mark.parametrize(
    ("intent", "order", "slots", "outcome"),
    [
        ("tracking", {"deliver_by": "2026-11-25"}, ("fact.shipped_with", "fact.deliver_by", "step.in_transit"), "answerable"),
        ("tracking", {"deliver_by": None, "carrier": None}, ("fact.shipped_on", "notify.answered"), "answerable"),
        ("tracking", {"shipped_at": None}, ("fact.shipped", "fact.overdue", "step.late"), "answerable"),
        ("order_status", {"delivered_at": "2026-11-15"}, ("fact.delivered",), "answerable"),
        ("not_received", {"delivered_at": "2026-11-15"}, ("fact.delivered", "step.delivered_check"), "answerable"),
        ("order_status", {"status": "UNSHIPPED", "shipped_at": None}, ("fact.not_shipped", "step.warehouse"), "answerable"),
        ("order_status", {"status": "PENDING", "shipped_at": None, "deliver_by": None}, ("fact.pending",), "answerable"),
        ("order_status", {"status": "PARTIALLY_SHIPPED"}, ("fact.partly_shipped",), "answerable"),
        ("order_status", {"status": "CANCELLED"}, ("fact.cancelled",), "answerable"),
        ("order_status", {"status": "UNFULFILLABLE", "shipped_at": None}, ("step.status_check",), "needs_information"),
        ("tracking", {"delivered_at": "2026-11-11"}, ("step.status_check",), "needs_information"),
        ("cancel_order", {"status": "UNSHIPPED", "shipped_at": None}, ("step.cancel",), "needs_information"),
        ("cancel_order", {}, ("step.already_shipped",), "needs_information"),
        ("cancel_order", {"delivered_at": "2026-11-15"}, ("step.return", "step.rights"), "answerable"),
        ("cancel_order", {"status": "CANCELLED"}, ("fact.cancelled",), "answerable"),
        ("address_change", {"status": "UNSHIPPED", "shipped_at": None}, ("step.address",), "needs_information"),
        ("address_change", {"delivered_at": "2026-11-15"}, ("fact.delivered", "step.delivered_check"), "needs_information"),
        ("refund_status", {"delivered_at": "2026-11-15"}, ("fact.no_refund", "ask.sent_back"), "needs_information"),
        ("refund_status", {}, ("fact.no_refund", "notify.check"), "needs_information"),
        ("invoice_request", {}, ("step.invoice",), "needs_information"),
        ("return_request", {}, ("step.return", "step.rights", "step.case_check"), "needs_information"),
        ("replacement", {}, ("ask.option",), "needs_information"),
        ("wrong_item", {}, ("ask.wrong_photo",), "needs_information"),
        ("missing_parts", {}, ("ask.part",), "needs_information"),
        ("size_fit", {}, ("ask.size", "step.look_up"), "needs_information"),
        ("warranty", {}, ("ask.details", "step.rights"), "needs_information"),
        ("product_question", {}, ("step.look_up", "notify.check"), "needs_information"),
        ("other", {}, ("step.look_up",), "needs_information"),
    ],
)  # fmt: skip
def test_each_scene_takes_its_steps(
    intent: str, order: dict[str, Any], slots: tuple[str, ...], outcome: str
) -> None:
    draft = make(intent, order=ORDER | order)
    for slot in slots:
        assert says(draft, slot), (slot, draft.text)
    assert draft.outcome == outcome


@pytest.mark.parametrize(
    "intent", ["tracking", "cancel_order", "refund_status", "invoice_request", "address_change"]
)
def test_without_an_order_we_ask_for_its_number(intent: str) -> None:
    draft = make(intent)
    assert says(draft, "ask.order_number")
    assert not says(draft, "acknowledge.order")
    assert draft.outcome == "needs_information"


def test_a_recorded_refund_is_told_with_its_amount() -> None:
    refund = {"amount": "129.90", "currency": "EUR", "at": "2026-11-20"}
    draft = make("refund_status", "de", order=DELIVERED | {"refund": refund})
    assert "129,90 €" in draft.text
    assert "20. November 2026" in draft.text
    assert draft.outcome == "answerable"


@pytest.mark.parametrize("language", LANGUAGES)
def test_contradicting_dates_are_never_told(language: Language) -> None:
    wrong = ORDER | {
        "delivered_at": "2026-11-11",
        "refund": {"amount": "5", "currency": "EUR", "at": "2026-11-01"},
    }
    for intent in ("tracking", "not_received", "refund_status"):
        draft = make(intent, language, order=wrong)
        assert not regex.search(r"2026", draft.text)
        assert not says(draft, "fact.no_refund")
        assert draft.outcome == "needs_information"


@pytest.mark.parametrize("intent", ["tracking", "return_request", "refund_status", "damaged", "cancel_order"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_amazons_orders_go_to_amazons_customer_service(language: Language, intent: str) -> None:
    draft = make(intent, language, order=ORDER | {"fulfilled_by": "AMAZON"}, passages=(answer(language),))
    assert says(draft, "step.fba")
    assert REDIRECT[language] in draft.text
    assert draft.citations == ()
    assert not says_any(draft, "ask")
    assert not says(draft, "fact.shipped_with")


def test_questions_about_the_product_of_an_amazon_order_are_ours() -> None:
    draft = make("usage_help", order=ORDER | {"fulfilled_by": "AMAZON"}, passages=(answer("en"),))
    assert ANSWER["en"] in draft.text
    assert not says(draft, "step.fba")


def test_statutory_rights_are_named_in_europe_only() -> None:
    assert says(make("damaged", order=DELIVERED, marketplace="DE"), "step.rights")
    assert not says(make("damaged", order=DELIVERED, marketplace="US"), "step.rights")


# --- knowledge ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_answer_in_the_buyers_language_is_given_word_for_word_and_cited(language: Language) -> None:
    draft = make("usage_help", language, order=DELIVERED, passages=(answer(language),))
    assert ANSWER[language] in draft.text
    assert draft.outcome == "answerable"
    assert [citation.model_dump() for citation in draft.citations] == [
        {"document_id": f"faq-{language}", "release": "3", "chunk_id": "c1", "quote": ANSWER[language]}
    ]


@pytest.mark.parametrize(
    "passage",
    [
        answer("de"),
        answer("en", language=None),
        answer("en", score=0.49),
        answer("en", answer="See https://shop.example for more."),
        {"document_id": "m", "language": "en", "score": 0.9, "text": "Nothing of the kind stands here."},
    ],
)
def test_other_knowledge_is_no_answer_and_nothing_is_pretended(passage: dict[str, Any]) -> None:
    draft = make(
        "usage_help", order=DELIVERED, text="How do I wash the basket and plate?", passages=(passage,)
    )
    assert draft.outcome == "needs_information"
    assert draft.citations == ()
    assert says(draft, "step.look_up")
    assert passage["text"] not in draft.text


def test_two_matters_get_an_answer_each() -> None:
    second = answer("en", document_id="faq-2", answer="The cable is detachable.")
    draft = make("usage_help", order=DELIVERED, more=("invoice_request",), passages=(answer("en"), second))
    assert says(draft, "also")
    assert says(draft, "listen.invoice_request")
    assert [one.document_id for one in draft.citations] == ["faq-en", "faq-2"]
    tracking = make("tracking", order=ORDER, more=("product_question",), passages=(answer("en"),))
    assert says(tracking, "fact.overdue")
    assert ANSWER["en"] in tracking.text


def test_an_error_code_does_not_keep_a_matter_of_procedure_from_its_answer() -> None:
    invoice = answer("en", document_id="faq-invoice", answer="The invoice stands in Your Orders.")
    asked: dict[str, Any] = {
        "text": "It shouts E06?? Also still no invoice.",
        "order": DELIVERED,
        "passages": (invoice,),
    }
    assert "The invoice stands in Your Orders." in make("invoice_request", **asked).text
    assert "The invoice stands in Your Orders." not in make("usage_help", **asked).text


def test_thanks_with_a_question_is_a_question() -> None:
    draft = make("thanks", order=ORDER, more=("tracking",))
    assert says(draft, "fact.overdue")
    assert not says_any(draft, "empathize") or not says(draft, "empathize.thanks")


def test_the_agents_facts_are_told_in_the_buyers_language_only() -> None:
    ours = "Das Paket wurde in Köln gefunden und wird neu zugestellt."
    told = make("tracking", "de", order=ORDER | {"delivered_at": "2026-11-11"}, agent_facts=ours)
    assert ours in told.text
    assert told.outcome == "answerable"
    note = "The parcel was found at the depot and will be delivered again."
    untold = make("tracking", "de", order=ORDER, agent_facts=note)
    assert note not in untold.text
    assert untold.outcome == "needs_information"


# --- holding replies ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_safety_report_stops_use_keeps_the_item_and_goes_to_a_person_today(language: Language) -> None:
    draft = make(
        "damaged",
        language,
        order=DELIVERED,
        passages=(answer(language),),
        triage={"risk_flags": ["safety"], "tier": 3},
    )
    for slot in ("listen.safety", "empathize.safety", "step.safety", "notify.safety"):
        assert says(draft, slot)
    assert draft.outcome == "escalate"
    assert draft.citations == ()


@pytest.mark.parametrize(
    ("intent", "listen", "notify"),
    [
        ("legal_threat", "legal", "legal"),
        ("privacy_request", "privacy", "privacy"),
        ("quality_dispute", "complaint", "hold"),
        ("a_to_z_claim", "concern", "hold"),
        ("compensation_demand", "concern", "hold"),
        ("abuse", "concern", "hold"),
    ],
)
def test_matters_for_a_supervisor_are_held_without_a_fact_or_a_promise(
    intent: str, listen: str, notify: str
) -> None:
    draft = make(intent, order=DELIVERED, triage={"sentiment": "calm"}, agent_facts="We were wrong.")
    assert says(draft, f"listen.{listen}")
    assert says(draft, f"notify.{notify}")
    assert says(draft, "step.hold")
    assert not says_any(draft, "fact")
    assert "We were wrong" not in draft.text
    assert draft.outcome == "escalate"


@pytest.mark.parametrize("text", ["", "   ", "?", "。。。", "ok"])
def test_a_message_that_says_nothing_gets_one_good_question(text: str) -> None:
    draft = make("other", text=text)
    assert says(draft, "ask.unclear")
    assert draft.outcome == "needs_information"


# --- names --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "named"),
    [
        ("Velanoor CrispAir 5 – Heißluftfritteuse, schwarz", "“Velanoor CrispAir 5”"),
        ("VELANOOR 空気清浄機【2026年モデル】大容量", "“VELANOOR 空気清浄機”"),
        (
            "An air fryer with a name so long that nobody would ever read it to the end",
            "“An air fryer with a name so long that nobody”",
        ),
        ("★Best★ shop.example.com", "your item"),
        ("$item ${order}", "your item"),
        ("x", "your item"),
        ("W" * 80, "your item"),
    ],
)
def test_titles_are_shortened_or_left_out(title: str, named: str) -> None:
    draft = make("damaged", order=DELIVERED | {"items": [{"asin": "B0VNAF5501", "title": title}]})
    assert named in draft.text


def test_with_several_items_the_one_that_is_meant_is_named() -> None:
    items = [{"asin": "B0VNAF5501", "title": "Crisp"}, {"asin": "B0VNRS3003", "title": "RoamClean S3, white"}]
    order = DELIVERED | {"items": items}
    assert "“RoamClean S3”" in make("damaged", order=order, text="My RoamClean S3 is damaged").text
    assert "your item" in make("damaged", order=order, text="It is damaged").text
    assert "“" not in make("tracking", order=ORDER | {"items": items}).text.replace("“Your Orders”", "")


def test_the_buyers_own_problem_is_said_back() -> None:
    assert (
        "it does not switch on"
        in make("usage_help", text="The fryer won't start any more", order=DELIVERED).text
    )
    code = make("usage_help", text="The display shows E3. What now?", order=DELIVERED)
    assert "E3" in code.text
    assert says(code, "listen.code")


# --- whatever comes -----------------------------------------------------------------------------------------

_texts = st.text(max_size=200)
_instants = st.none() | st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
_items = st.lists(
    st.fixed_dictionaries({"asin": st.just("B0VNAF5501"), "title": st.text(max_size=120)}), max_size=3
)
_orders = st.none() | st.fixed_dictionaries(
    {
        "order_id": st.just("302-1234567-7654321"),
        "status": st.sampled_from(
            ["PENDING", "UNSHIPPED", "PARTIALLY_SHIPPED", "SHIPPED", "CANCELLED", "UNFULFILLABLE"]
        ),
        "fulfilled_by": st.sampled_from(["AMAZON", "MERCHANT"]),
        "purchased_at": _instants,
        "shipped_at": _instants,
        "delivered_at": _instants,
        "last_scan_at": _instants,
        "deliver_by": st.none() | st.dates(datetime(2025, 1, 1).date(), datetime(2027, 12, 31).date()),  # noqa: DTZ001
        "carrier": st.none() | st.text(max_size=80),
        "tracking_number": st.none() | st.text(max_size=80),
        "items": _items,
        "refund": st.none()
        | st.builds(lambda at: {"amount": "9.90", "currency": "EUR", "at": at or NOW}, _instants),
    }
)
_passages = st.lists(
    st.fixed_dictionaries(
        {
            "document_id": st.just("d"),
            "language": st.sampled_from([None, *LANGUAGES]),
            "score": st.floats(0, 1),
            "text": _texts
            | st.just("| a | b |\n|---|---|\n| E3 | wash the filter |\n\n1. wash\n2. the filter"),
            "answer": st.none() | _texts,
        }
    ),
    max_size=4,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    text=_texts,
    order=_orders,
    passages=_passages,
    language=st.sampled_from(LANGUAGES),
    marketplace=st.sampled_from(MARKETPLACES),
    intents=st.lists(st.sampled_from(list(Intent)), max_size=3),
    tier=st.sampled_from([1, 2, 3]),
    flags=st.lists(st.sampled_from(list(RiskFlag)), max_size=2),
    sentiment=st.sampled_from(["calm", "worried", "frustrated", "angry"]),
    thread=st.lists(
        st.fixed_dictionaries({"from": st.sampled_from(["buyer", "seller"]), "text": _texts}), max_size=3
    ),
)
def test_it_never_fails_and_always_ends_with_the_team(
    text: str, order: Any, passages: Any, language: Language, marketplace: str, intents: list[Intent], tier: int,
    flags: list[RiskFlag], sentiment: str, thread: Any,
) -> None:  # fmt: skip
    case = Case.model_validate(
        {"message": {"text": text, "marketplace": marketplace}, "order": order, "thread": thread}
    )
    triage = Triage.model_validate(
        {"tier": tier, "intents": [ScoredIntent(name=one, confidence=0.5) for one in intents], "risk_flags": flags,
         "sentiment": sentiment, "language": language, "route": "agent"}
    )  # fmt: skip
    draft = compose(case, triage, [Passage.model_validate(one) for one in passages], now=NOW)
    team = {sign_off.splitlines()[-1] for sign_off in book(language).slots["sign_off"]}
    assert any(name in draft.text for name in team)
    if tier == 3 or RiskFlag.SAFETY in flags:
        assert draft.outcome == "escalate"
        assert draft.citations == ()
    for citation in draft.citations:
        assert citation.quote in draft.text
