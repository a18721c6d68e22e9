# ruff: noqa: E501 (a reply stands as it came)
"""Replies that a small chat model (1.5 B) really wrote for the demo messages; each once looked like an answer."""

import pytest

from assistant.guard.check import check
from assistant.guard.context import GuardContext

ORDER = {
    "order_id": "302-1234567-1234567",
    "status": "SHIPPED",
    "fulfilled_by": "MERCHANT",
    "shipped_at": "2026-11-13T15:30:00Z",
    "deliver_by": "2026-11-18",
    "carrier": "DHL",
}
SIGNED = """Hallo K. Brandstetter,

Vielen Dank für Ihre Nachricht. Ich habe die Sendungsverfolgung überprüft und habe festgestellt, dass das Paket \
bis zum Ende des nächsten Tages nicht aufgetaucht ist. Ich werde die Zustellnachweis anfordern, was 2 Werktage \
dauert, und innerhalb eines weiteren Werktags erfahren Sie, ob eine neue Zustellung, ein Ersatz oder eine \
Erstattung über Amazon möglich ist.

Mit freundlichen Grüßen
[Your Name]"""
PARROT = """Hallo [Name], ich bin mit der CrispAir 5 sehr zufrieden, nur das Spülen nervt. Kann ich den Einsatz, \
also Korb und das Gitter, auch einfach in den Geschirrspüler stellen oder geht dann die Beschichtung kaputt?"""
ASKED = """Guten Tag, ich bin mit der CrispAir 5 sehr zufrieden, nur das Spülen nervt. Kann ich den Einsatz, also \
Korb und das Gitter, auch einfach in den Geschirrspüler stellen oder geht dann die Beschichtung kaputt?"""
GENEROUS = """Hallo H. Wiesner,

Vielen Dank für Ihre Nachricht. Ich habe die Rechnung für Ihre Bestellung erhalten und werde sie Ihnen im nächsten \
Tag senden. Ich werde auch die Erstattung für Ihre Bestellung im nächsten Tag senden.

Mit freundlichen Grüßen
[Your Name]"""


@pytest.mark.parametrize(
    ("text", "asked", "rules"),
    [
        (SIGNED, "Wo hängt mein Paket?", {"AMZ-30"}),
        (PARROT, ASKED, {"AMZ-30", "OPS-03"}),
        (GENEROUS, "Hiermit widerrufe ich den Kauf. Wann kommt die Rückzahlung?", {"AMZ-30", "PR-01"}),
    ],
    ids=["signature left open", "gives the question back", "promises a refund by tomorrow"],
)
def test_what_a_weak_model_wrote_does_not_pass(text: str, asked: str, rules: set[str]) -> None:
    context = GuardContext.model_validate(
        {
            "marketplace": "DE",
            "buyer_language": "de",
            "order": ORDER,
            "thread": [{"from": "buyer", "text": asked}],
            "passages": [],
            "at": "2026-11-22T12:00:00Z",
        }
    )
    report = check(text, context)
    assert report.verdict == "blocked"
    assert {finding.rule for finding in report.findings if finding.severity != "warn"} >= rules
