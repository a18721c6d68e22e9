"""Quoted earlier mail and mail furniture are taken away, the buyer's words are kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.triage.quotation import own_words


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("Where is it?", "Where is it?"),
        ("Hi\n-----Original Message-----\nold", "Hi"),
        ("Hallo\n----- Ursprüngliche Nachricht -----\nalt", "Hallo"),
        ("Hallo\nAm 3. Mai 2026 um 10:00 schrieb Laden:\nalte Mail", "Hallo"),
        ("Bonjour\nLe 3 mai 2026, la boutique a écrit :\nvieux", "Bonjour"),
        ("Ciao\nIl giorno 3 maggio 2026 Negozio ha scritto:\nvecchio", "Ciao"),
        ("Hola\nEl 3 de mayo de 2026, Tienda escribió:\nviejo", "Hola"),
        ("返事です\n2026年5月3日 10:00 店 <a@b.jp>:\n> 以前", "返事です"),
        ("你好\n在 2026年5月3日，店铺写道：\n旧邮件", "你好"),
        ("ok\n\nVon: a\nGesendet: b\nBetreff: c\nalt", "ok"),
        ("Subject: only one such line is the buyer's own", "Subject: only one such line is the buyer's own"),
        ("--- Begin message ---\nWhere is it?\n--- End message ---\nfooter", "Where is it?"),
        ("Broken.\n[commMgrTok:A1B2]", "Broken."),
        ("Danke\nVon meinem iPhone gesendet", "Danke"),
        ("> only a quotation", "> only a quotation"),
        ("What I wrote: nothing", "What I wrote: nothing"),
        ("On 3 May, Shop wrote:\n> Dear\nmy answer below", "my answer below"),
        (
            "On Mon, 3 May 2026 at 10:00, A shop with a long name indeed\n<x@y.example> wrote:\n> Dear\nmine",
            "mine",
        ),
        ("-----Original Message-----\nall of it", "-----Original Message-----\nall of it"),
    ],
)
def test_own_words(text: str, own: str) -> None:
    assert own_words(text) == own


@given(st.text(alphabet=">:wrote \nab-", max_size=200))
def test_never_empty_where_there_was_text(text: str) -> None:
    assert bool(own_words(text)) == bool(text.strip())
