"""Stand-ins: the same shape, valid where the original is, the same for the same value, of nobody."""

import re

import pytest

from assistant.domain import Order
from evals.personal.found import Found, Kind, compact
from evals.personal.identifiers import iban_rest, luhn
from evals.personal.standins import Inventor, pieces_of, reshaped, variants

KEY = b"k" * 32


def inventor(texts: str = "", region: str | None = "DE", key: bytes = KEY) -> Inventor:
    return Inventor(key, texts, region)


def one(kind: Kind, written: str, identity: str = "", part: str = "") -> Found:
    return Found(kind, 0, len(written), written, identity or compact(written).upper(), part)


@pytest.mark.parametrize(
    ("found", "shape"),
    [
        (one("order id", "302-1234567-7654321"), r"302-\d{7}-\d{7}"),
        (one("order id", "302 - 1234567 - 7654321"), r"302 - \d{7} - \d{7}"),
        (one("tracking number", "JJD 0003-40434161"), r"JJD \d{4}-\d{8}"),
        (one("tracking number", "ab12c"), r"[a-z]{2}\d\d[a-z]"),
        (one("other number", "1Z999AA10123456784"), r"\dZ\d{3}AA\d{11}"),
        (one("e-mail address", "Tom@Web.de", "tom@web.de"), r"buyer-[0-9a-f]{6}@example\.com"),
        (
            one("e-mail address", "x7@marketplace.amazon.de", "x7@marketplace.amazon.de"),
            r"buyer-[0-9a-f]{6}@marketplace\.amazon\.de",
        ),
        (one("telephone number", "0170/1234567", "+491701234567"), r"017[16] [\d ]+"),
        (one("IBAN", "DE89 3704 0044 0532 0130 00"), r"DE\d\d 0000 0000 \d{4} \d{4} \d\d"),
        (one("card number", "4111-1111-1111-1111"), r"9999-\d{4}-\d{4}-\d{4}"),
        (one("postcode", "20095", "de 20095"), r"00\d{3}"),
        (one("postcode", "LS1 4AP", "uk LS14AP"), r"ZZ\d \d[A-Z]{2}"),
        (one("postcode", "K1A 0B1", "ca K1A0B1"), r"Z\d[A-Z] \d[A-Z]\d"),
        (one("postcode", "150-0001", "ja 1500001"), r"000-\d{4}"),
        (one("town", "HAMBURG", "de hamburg"), r"[A-Z-]+"),
        (one("street", "12 Elm Road", "en elm road", "Elm Road"), r"\d{2} [A-Z][a-z]+ [A-Za-z ]+"),
        (one("street", "PO Box 4521", "en po box 4521"), r"PO Box \d{4}"),
        (one("name", "K. Brandstetter", "k. brandstetter"), r"[A-Z]\. [A-Z][\w-]+"),
        (one("name", "Anna von Hohenfels", "anna von hohenfels"), r"[A-Z]\w+ von [A-Z][\w-]+"),
        (one("name", "wendy", "wendy"), r"[a-z-]+"),
        (one("name", "王先生", "王先生"), r"\w先生"),
        (one("name", "王小明", "王小明"), r"\w{3}"),
        (one("message id", "m-1", "m-1"), r"id-[0-9a-f]{12}"),
    ],
)
def test_a_stand_in_has_the_shape_of_the_value(found: Found, shape: str) -> None:
    made = inventor().stand_in(found)
    assert re.fullmatch(shape, made)
    assert made != found.written


def test_the_same_key_gives_the_same_and_another_key_another() -> None:
    found = one("tracking number", "00340434161094015902")
    assert inventor().stand_in(found) == inventor().stand_in(found)
    assert inventor().stand_in(found) != inventor(key=b"x" * 32).stand_in(found)


def test_what_is_valid_stays_valid() -> None:
    iban = compact(inventor().stand_in(one("IBAN", "GB82WEST12345698765432")))
    assert iban_rest(iban) == 1
    assert luhn(compact(inventor().stand_in(one("card number", "378282246310005")))) == 0
    order = inventor().stand_in(one("order id", "D01-1234567-7654321"))
    assert Order(order_id=order, status="SHIPPED", fulfilled_by="AMAZON").order_id == order


def test_the_same_value_in_another_form_gets_the_same() -> None:
    made = inventor()
    assert compact(made.stand_in(one("order id", "302-1234567-7654321"))) == made.stand_in(
        one("order id", "30212345677654321")
    )
    national = made.stand_in(one("telephone number", "0170/1234567", "+491701234567"))
    abroad = made.stand_in(one("telephone number", "+49 170 1234567", "+491701234567"))
    assert compact(abroad).removeprefix("49") == compact(national).removeprefix("0")
    whole = made.stand_in(one("name", "Klaus Brandstetter", "klaus brandstetter"))
    assert made.stand_in(one("name", "BRANDSTETTER", "brandstetter")) == whole.split()[1].upper()


def test_other_values_get_other_stand_ins_that_the_texts_do_not_hold() -> None:
    made = inventor("Ahrenholt wohnt in Musterhausen")
    names = [made.stand_in(one("name", f"Name{letter}", f"name{letter}")) for letter in "abcdefghijkl"]
    assert len(set(names)) == 12
    assert "Ahrenholt" not in names
    towns = [made.stand_in(one("town", town, f"de {town}")) for town in ("A", "B", "C")]
    assert "Musterhausen" not in towns


def test_a_stand_in_never_holds_a_value_to_be_replaced() -> None:
    made = Inventor(KEY, "", None, frozenset({"fairmoor"}))
    roads = {made.stand_in(one("street", f"{n} Elm Road", f"en elm {n}", "Elm Road")) for n in range(10, 30)}
    assert not any("Fairmoor" in road for road in roads)


def test_japanese_texts_get_japanese_names() -> None:
    found = one("name", "山田 花子", "山田 花子")
    japanese, chinese = inventor("です").stand_in(found), inventor("你好").stand_in(found)
    assert len(japanese.split()) == len(chinese.split()) == 2
    assert {len(part) for part in japanese.split()} == {3}
    assert re.fullmatch(r"[ア-ン]+", inventor("です").stand_in(one("name", "ヤマダ", "ヤマダ")))


def test_parts_come_with_their_variants() -> None:
    found = one("name", "Klaus von Brandstetter", "klaus von brandstetter")
    assert pieces_of(found) == ("Klaus von Brandstetter", "Klaus", "Brandstetter")
    values = [value for value, _ in variants(found, inventor())]
    assert {"Brandstetter", "BRANDSTETTER", "KLAUS VON BRANDSTETTER"} <= set(values)
    assert "von" not in values
    assert "Wendy" in [value for value, _ in variants(one("name", "wendy", "wendy"), inventor())]
    street = one("street", "12 Elm Road", "en elm road", "Elm Road")
    assert [value for value, _ in variants(street, inventor())] == ["12 Elm Road", "Elm Road"]


def test_signs_keep_their_places() -> None:
    assert reshaped("DE 12-3", "AT456") == "AT 45-6"
