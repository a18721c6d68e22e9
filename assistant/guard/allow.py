"""Forgivers: pure functions that say why something found is allowed after all."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import re2

from assistant.domain import Order

Span = tuple[int, int]


def outside(found: Iterable[Span], forgiven: Iterable[Span]) -> Iterator[Span]:
    """Spans that touch no forgiven span; both come sorted by start, forgiven ones do not overlap."""
    rest = iter(forgiven)
    current = next(rest, None)
    for span in found:
        while current and current[1] <= span[0]:
            current = next(rest, None)
        if not current or span[1] <= current[0]:
            yield span


# A number right after one of these words counts or names something; it is no phone number.
_REFERENCE_WORD = re2.compile(
    r"(?:(?:^|[^\p{Latin}])(?:(?:order|track|shipment|parcel|package|invoice|item|part|model|serial|batch|lot|artic"
    r"|refer|case|ticket|norm|standard|version|bestell|auftrag|sendung|paket|rechnung|artikel|serie|charge|modell"
    r"|vorgang|command|suivi|colis|factur|s(?:é|e)rie|pedido|seguimiento|env[ií]o|art[ií]culo|ordin|tracciamento"
    r"|spedizion|fattur|articol)\p{Latin}*|rma|asin|isbn|ean|upc|gtin|sku|sn|s/n|p/n|ref|iso|en|din|iec|dhl|ups"
    r"|fedex|dpd|gls|hermes|usps)|注文|追跡|伝票|お問い合わせ番号|送り状|型番|品番|製造番号|シリアル|荷物|订单|訂單"
    r"|单号|單號|运单|快递|快遞|型号|型號|序列|追踪|追蹤|物流|发票|编号|編號)(?:[^\p{Latin}.!?。\n][^.!?。\n]{0,20})?$"
)
_REFERENCE_FORM = re2.compile(
    r"^(?:[0-9d]\d{2}-\d{7}-\d{7}|\d{4}[-./]\d{1,2}[-./]\d{1,2}.*|\d{1,2}[-./]\d{1,2}[-./]\d{2,4}.*|\d{13}|\d{8}|\d{16,})$"
)


def is_reference_number(text: str, start: int, end: int, order: Order | None) -> bool:
    """Order ids, tracking and article numbers, dates, standards: digits that are no phone number."""
    digits = text[start:end].strip(" ()")
    bare = "".join(filter(str.isdigit, digits))
    if (
        order
        and order.tracking_number
        and bare
        and bare in "".join(filter(str.isdigit, order.tracking_number))
    ):
        return True
    if len(bare) < 7 or len(bare) > 15 or _REFERENCE_FORM.search(digits):
        return True
    return bool(_REFERENCE_WORD.search(text[max(0, start - 40) : start]))


def is_file_or_name(link: str, around: str, domains: Mapping[str, Sequence[str]]) -> bool:
    """``manual_v2.mov``, ``X.com-3``, ``Node.js``, ``z.B.``: a dot in a name, not an address."""
    host = link.split("/", 1)[0].lower()
    ending = host.rsplit(".", 1)[-1]
    if host in domains["not_domains"] or ("/" not in link and ending in domains["files_that_are_domains"]):
        return True
    trailing = around[around.find(link) + len(link) :] if link in around else ""
    return trailing.startswith(("-", "_"))


def is_missing_blank(link: str) -> bool:
    """``erhalten.Es``: a sentence began without a blank before it; nobody capitalises just an ending."""
    host = link.split("/", 1)[0]
    ending = host.rsplit(".", 1)[-1]
    return "/" not in link and ending[:1].isupper() and not host.isupper() and not ending.isupper()
