"""What a reply says and asks in each scene, as slots of phrases, decided by the facts of the order.

Every step commits nobody: it names what is checked or what the buyer can do, or asks what helps.
"""

from collections.abc import Callable
from dataclasses import dataclass

from assistant.domain import Case
from assistant.drafting.facts import OrderFacts
from assistant.drafting.scenes import DELIVERY, HOLDING, MANNER, Scene
from assistant.marketplaces import market


@dataclass(frozen=True, slots=True)
class Resolution:
    """``lines``, ``ask`` and ``notify`` are slots; ``answered``: the facts of the order settle the question.

    ``knowledge``: a passage belongs into this answer.
    """

    lines: tuple[str, ...] = ()
    ask: str | None = None
    notify: str = "notify.answered"
    answered: bool = False
    knowledge: bool = True


@dataclass(frozen=True, slots=True)
class Situation:
    """What decides between steps; ``known``: a passage in the buyer's language answers the message."""

    scene: Scene
    facts: OrderFacts
    known: bool
    in_europe: bool
    product_known: bool

    @classmethod
    def of(cls, scene: Scene, case: Case, facts: OrderFacts, *, known: bool) -> "Situation":
        """The situation of a case."""
        return cls(scene, facts, known, market(case.message.marketplace).law is not None, bool(case.asins))

    @property
    def rights(self) -> tuple[str, ...]:
        """European buyers are told that their statutory rights stay as they are."""
        return ("step.rights",) if self.in_europe else ()


def resolve(situation: Situation) -> Resolution:
    """Decide what to say; every scene has an answer."""
    scene, facts = situation.scene, situation.facts
    if scene in HOLDING:
        return _hold(scene)
    if facts.by_amazon and MANNER[scene].amazon_decides:
        return _amazon(facts, delivery=scene in DELIVERY)
    return _RESOLVERS[scene](situation)


def _hold(scene: Scene) -> Resolution:
    own_notice = {Scene.SAFETY, Scene.LEGAL, Scene.PRIVACY}
    return Resolution(
        lines=("step.safety",) if scene is Scene.SAFETY else ("step.hold",),
        notify=f"notify.{scene}" if scene in own_notice else "notify.hold",
        knowledge=False,
    )


def _amazon(facts: OrderFacts, *, delivery: bool) -> Resolution:
    """Facts that do not speak of our warehouse, then the way to Amazon's customer service."""
    told = {"cancelled": ("fact.cancelled",)}
    if delivery:
        told |= {"delivered": ("fact.delivered",), "pending": ("fact.pending",)}
    promise = _promise(facts) if delivery else ()
    lines = (*told.get(facts.state, ()), *promise, *_refunded(facts), "step.fba")
    return Resolution(lines, notify="notify.fba", answered=True, knowledge=False)


# --- delivery -----------------------------------------------------------------------------------------------


def _delivery(now: Situation) -> Resolution:
    facts, scene = now.facts, now.scene
    if closed := _without_goods(facts):
        return closed
    if facts.state == "delivered":
        if scene is Scene.ORDER_STATUS:
            return Resolution(_way(facts), answered=True, knowledge=False)
        return Resolution((*_way(facts), "step.delivered_check"), notify="notify.after_reply", answered=True)
    if facts.late:
        check = "step.late" if facts.state == "in_transit" else "step.warehouse"
        return Resolution((*_way(facts), *_promise(facts), check), notify="notify.check", answered=True)
    moving = ("step.in_transit",) if facts.state == "in_transit" else ()
    notify = "notify.transit" if facts.deliver_by and moving else "notify.answered"
    return Resolution(
        (*_way(facts), *_promise(facts), *moving), notify=notify, answered=True, knowledge=False
    )


def _without_goods(facts: OrderFacts) -> Resolution | None:
    """The answer where nothing can be said of a parcel: no order, no reliable state, or nothing to come."""
    if facts.state == "unknown":
        return Resolution(ask="ask.order_number", notify="notify.after_reply")
    if facts.state in {"unclear", "unfulfillable"}:
        return Resolution(("step.status_check",), notify="notify.check")
    if facts.state == "cancelled":
        return Resolution(("fact.cancelled", *_refunded(facts)), answered=True, knowledge=False)
    return None


def _way(facts: OrderFacts) -> tuple[str, ...]:
    """Where the goods are, as far as recorded."""
    tracking = ("fact.tracking",) if facts.tracking else ()
    if facts.state == "delivered":
        return (*(("fact.delivered",) if facts.delivered else ("fact.shipped",)), *tracking)
    if facts.state == "in_transit":
        shipped = "fact.shipped"
        if facts.shipped:
            shipped = "fact.shipped_with" if facts.carrier else "fact.shipped_on"
        return (shipped, *tracking, *(("fact.last_scan",) if facts.last_scan else ()))
    if facts.state == "partly_shipped":
        return ("fact.partly_shipped", *tracking)
    return (f"fact.{facts.state}",)


def _promise(facts: OrderFacts) -> tuple[str, ...]:
    open_state = facts.state in {"pending", "not_shipped", "partly_shipped", "in_transit"}
    if not facts.deliver_by or not open_state:
        return ()
    return ("fact.overdue",) if facts.late else ("fact.deliver_by",)


def _refunded(facts: OrderFacts) -> tuple[str, ...]:
    return ("fact.refunded",) if facts.refund == "done" else ()


# --- changes to an order ------------------------------------------------------------------------------------


def _change(now: Situation) -> Resolution:
    """Cancelling, or another address: what is possible depends on where the goods are; a person checks it."""
    facts, step = now.facts, "step.cancel" if now.scene is Scene.CANCEL_ORDER else "step.address"
    if closed := _without_goods(facts):
        return closed
    if facts.state == "delivered":
        if now.scene is Scene.CANCEL_ORDER:
            return Resolution((*_way(facts), "step.return", *now.rights), answered=True)
        return Resolution((*_way(facts), "step.delivered_check"), notify="notify.after_reply")
    if facts.state in {"in_transit", "partly_shipped"}:
        return Resolution((*_way(facts), "step.already_shipped"), notify="notify.check")
    return Resolution((*_way(facts), step), notify="notify.check")


def _invoice(now: Situation) -> Resolution:
    if now.known:
        return Resolution()
    if now.facts.state == "unknown":
        return Resolution(ask="ask.order_number", notify="notify.after_reply")
    return Resolution(("step.invoice",), notify="notify.check")


# --- returns and defects ------------------------------------------------------------------------------------


def _return(now: Situation) -> Resolution:
    done = _refunded(now.facts)
    if now.known:
        return Resolution((*done, "step.return", *now.rights))
    return Resolution((*done, "step.return", *now.rights, "step.case_check"), notify="notify.check")


def _refund(now: Situation) -> Resolution:
    facts = now.facts
    if facts.state == "unknown":
        return Resolution(ask="ask.order_number", notify="notify.after_reply")
    if facts.refund == "done":
        return Resolution(("fact.refunded",), answered=True)
    missing = ("fact.no_refund",) if facts.refund == "none" else ()
    if facts.state == "delivered":
        return Resolution((*missing, "step.refund_check"), ask="ask.sent_back", notify="notify.after_reply")
    return Resolution((*missing, "step.refund_check"), notify="notify.check")


def _defect(now: Situation) -> Resolution:
    """A first report: the evidence the standard procedure needs; what follows a person decides."""
    asks = {
        Scene.DAMAGED: "ask.photo",
        Scene.WRONG_ITEM: "ask.wrong_photo",
        Scene.MISSING_PARTS: "ask.part",
        Scene.REPLACEMENT: "ask.option",
    }
    check = () if now.known else ("step.case_check",)
    return Resolution((*_refunded(now.facts), *check, *now.rights), asks[now.scene], "notify.after_reply")


# --- products -----------------------------------------------------------------------------------------------


def _product(now: Situation) -> Resolution:
    if now.known:
        return Resolution(now.rights if now.scene is Scene.WARRANTY else ())
    asks = {Scene.USAGE_HELP: "ask.details", Scene.WARRANTY: "ask.details", Scene.SIZE_FIT: "ask.size"}
    ask = asks.get(now.scene, None if now.product_known else "ask.model")
    lines = ("step.look_up", *(now.rights if now.scene is Scene.WARRANTY else ()))
    return Resolution(lines, ask, "notify.after_reply" if ask else "notify.check")


def _thanks(_: Situation) -> Resolution:
    return Resolution(notify="notify.thanks", answered=True, knowledge=False)


def _unclear(_: Situation) -> Resolution:
    return Resolution(ask="ask.unclear", notify="notify.after_reply", knowledge=False)


def _other(now: Situation) -> Resolution:
    return Resolution() if now.known else Resolution(("step.look_up",), notify="notify.check")


_RESOLVERS: dict[Scene, Callable[[Situation], Resolution]] = {
    Scene.ORDER_STATUS: _delivery,
    Scene.TRACKING: _delivery,
    Scene.DELIVERY_DELAY: _delivery,
    Scene.NOT_RECEIVED: _delivery,
    Scene.ADDRESS_CHANGE: _change,
    Scene.CANCEL_ORDER: _change,
    Scene.INVOICE_REQUEST: _invoice,
    Scene.PRODUCT_QUESTION: _product,
    Scene.USAGE_HELP: _product,
    Scene.PRESALE: _product,
    Scene.RETURN_REQUEST: _return,
    Scene.REFUND_STATUS: _refund,
    Scene.REPLACEMENT: _defect,
    Scene.WRONG_ITEM: _defect,
    Scene.MISSING_PARTS: _defect,
    Scene.DAMAGED: _defect,
    Scene.SIZE_FIT: _product,
    Scene.WARRANTY: _product,
    Scene.THANKS: _thanks,
    Scene.OTHER: _other,
    Scene.UNCLEAR: _unclear,
}
