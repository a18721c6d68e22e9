"""No value that was found survives anywhere, and the same value has the same stand-in everywhere."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.domain import Case
from evals.anonymise import anonymised, familiar_words, found_in, region_of
from evals.personal.found import KINDS
from evals.personal.identifiers import iban_rest, luhn

KEY = b"k" * 32
SAYING = {
    "en": "My name is {name}. Order {order}, parcel {tracking}, mail {mail}, card {card}, bank {iban}. "
    "Ship to {number} {road} Road, {town}, IL {code}. Call {phone}.\nKind regards,\n{name}",
    "de": "Guten Tag Frau {name}, Bestellung {order}, Sendung {tracking}, {mail}, Karte {card}, {iban}. "
    "Neue Adresse: {road}straße {number}, {code} {town}. Tel. {phone}\nViele Grüße\n{name}",
    "fr": "Bonjour, commande {order}, colis {tracking}, {mail}, carte {card}, {iban}. Mon adresse : {number} "
    "rue du {road}, {code} {town}, tél {phone}\nCordialement,\n{name}",
    "ja": "{sign}様\n注文{order}、荷物{tracking}、{mail}、カード{card}、口座{iban}。電話{phone}です。"
    "\nよろしくお願いします。\n{sign}",
    "zh": "订单{order}，快递{tracking}，{mail}，卡{card}，{iban}，电话{phone}。我叫{sign}。"
    "\n此致\n敬礼\n{sign}",
}
WORD = st.from_regex(r"[B-DF-HJ-NP-TV-Z][aeiou][b-df-hj-np-tv-z][aeiou]x[aeiou]q", fullmatch=True)


def with_check(digits: str) -> str:
    return digits + str(-luhn(f"{digits}0") % 10)


def iban_of(account: str) -> str:
    return f"DE{98 - iban_rest(f'DE00{account}'):02}{account}"


def digits(number: int, first: str = "") -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=number, max_size=number).map(lambda rest: first + rest)


PEOPLE = st.fixed_dictionaries(
    {
        "name": st.tuples(WORD, WORD).map(" ".join),
        "sign": st.sampled_from(["鷹見沢", "猪鼻", "蛇穴", "欧阳修远", "司马光"]),
        "order": st.tuples(digits(7), digits(7)).map(lambda two: f"302-{two[0]}-{two[1]}"),
        "tracking": digits(18, "00"),
        "mail": WORD.map(lambda word: f"{word.lower()}@posteo.de"),
        "card": digits(14, "4").map(with_check),
        "iban": digits(17, "3").map(iban_of),
        "number": st.integers(11, 999).map(str),
        "road": WORD,
        "town": WORD,
        "code": digits(4, "7"),
        "phone": digits(7, "1").map(lambda rest: f"+49 170 {rest}"),
    }
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(who=PEOPLE, language=st.sampled_from(sorted(SAYING)))
def test_no_value_survives_anywhere(who: dict[str, str], language: str) -> None:
    text = SAYING[language].format(**who)
    case = case_about(text, who)
    hidden = anonymised(case, ["Dear " + who["name"] + ","], KEY)
    told = json.dumps(hidden.apply(json.loads(case.model_dump_json(by_alias=True))), ensure_ascii=False)
    for kind, value in who.items():
        if kind != "number" and value in text:
            assert value not in told, kind
    assert "message-77" not in told
    assert "thread-77" not in told
    assert Case.model_validate_json(told)
    assert hidden.text(told) == told


def case_about(text: str, who: dict[str, str]) -> Case:
    order = {
        "order_id": who["order"],
        "status": "SHIPPED",
        "fulfilled_by": "MERCHANT",
        "tracking_number": who["tracking"],
    }
    message = {"text": text, "marketplace": "DE", "message_id": "message-77", "thread_id": "thread-77"}
    thread = [{"from": "seller", "text": f"Your parcel {who['tracking']} is on its way."}]
    return Case.model_validate(
        {"message": message | {"subject": f"Order {who['order']}"}, "order": order, "thread": thread}
    )


def test_the_same_value_is_the_same_everywhere(make_case: Callable[..., Case]) -> None:
    case = make_case(
        "Tel. 0170/1234567. In der Lindenallee kennt mich jeder: Lindenallee 12a, 20095 Hamburg. Ich bin aus "
        "Hamburg.\nViele Grüße\nKlaus Brandstetter",
        thread=[{"from": "seller", "text": "Sehr geehrter Herr Brandstetter,\nwir melden uns."}],
        agent_facts="BRANDSTETTER, +49 170 1234567",
    )
    hidden = anonymised(case, [], KEY)
    told = hidden.apply(case.model_dump(mode="json", by_alias=True, exclude_none=True))
    last = told["message"]["text"].split()[-1]
    assert told["thread"][0]["text"].split(",")[0].endswith(f"Herr {last}")
    assert told["agent_facts"].startswith(last.upper())
    road = told["message"]["text"].split("In der ")[1].split()[0]
    assert f"jeder: {road} " in told["message"]["text"]
    town = told["message"]["text"].split("aus ")[1].split(".")[0]
    assert f"{town}. Ich bin" in told["message"]["text"]
    number = told["agent_facts"].split(", ")[1].removeprefix("+49 ").replace(" ", "")
    assert f"0{number}" in told["message"]["text"].replace(" ", "")
    assert told["message"]["marketplace"] == "DE"
    assert hidden.counts["name"] == 2
    assert list(hidden.counts) == [kind for kind in KINDS if kind in hidden.counts]


def test_the_key_decides_and_nothing_else(make_case: Callable[..., Case]) -> None:
    case = make_case("Viele Grüße\nKlaus Brandstetter")
    again = anonymised(case, [], KEY)
    assert anonymised(case, [], KEY) == again
    assert anonymised(case, [], b"x" * 32) != again


@pytest.mark.parametrize("text", ["", "Where is my parcel?", "It broke after 3 days, 89.99 EUR, VN-AF55"])
def test_a_text_without_people_stays(text: str, make_case: Callable[..., Case]) -> None:
    hidden = anonymised(make_case(text), [], KEY)
    assert (hidden.text(text), hidden.counts) == (text, {})


def test_words_are_not_torn(make_case: Callable[..., Case]) -> None:
    case = make_case("Rosemarie hat die Rose gekauft, sie ist rosenrot.\nViele Grüße\nRose")
    told = anonymised(case, [], KEY).text(case.message.text)
    assert told.startswith("Rosemarie hat die ")
    assert "rosenrot" in told
    assert "Rose " not in told.removeprefix("Rosemarie")


def test_words_of_the_product_are_no_values(make_case: Callable[..., Case], shipped_order: Any) -> None:
    case = make_case("Passt das?\nVelanoor CrispAir", order=shipped_order)
    assert {"velanoor", "crispair", "dhl"} <= familiar_words(case)
    assert "name" not in anonymised(case, [], KEY).counts
    told = anonymised(make_case("Danke\nShipped"), [], KEY).apply({"status": "Shipped", "text": "Shipped"})
    assert told["status"] == "Shipped"
    assert told["text"] != "Shipped"


def test_what_is_found_in_a_text_has_its_places() -> None:
    text = "Ｔｅｌ：０９０－１２３４－５６７８"
    (found,) = found_in(text, region_of("JP"))
    assert text[found.start : found.end] == found.written == "０９０－１２３４－５６７８"
    assert region_of("UK") == "GB"
