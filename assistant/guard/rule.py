"""The shape of a rule: a frozen value with its reasons, its examples and one pure function."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from assistant.guard.context import GuardContext
from assistant.guard.normalise import View
from assistant.vocabulary import Kind, Language, Severity


@dataclass(frozen=True, slots=True)
class Match:
    """Where a rule found something. Offsets are code points of the *original* text (``View.original``).

    ``message`` and ``severity`` override the rule's own where the finding is special; ``fix`` is the
    text that could stand in place of the span (an empty string deletes it), ``None`` where none is safe.
    """

    start: int
    end: int
    message: str | None = None
    fix: str | None = None
    severity: Severity | None = None


Check = Callable[[View, GuardContext], Iterable[Match]]


@dataclass(frozen=True, slots=True)
class Example:
    """A draft that a rule must stop or let pass; ``context``: the fields of ``GuardContext`` it needs."""

    language: Language
    text: str
    context: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. ``why`` is for the person whose draft is stopped; ``source`` says where the rule comes from.

    ``bad`` examples are found by this very rule, ``good`` ones pass the whole pack; the registry test runs
    both. ``languages`` are those the rule claims to cover: each needs good and bad examples.
    """

    id: str
    title: str
    why: str
    source: str
    severity: Severity
    check: Check
    bad: Sequence[Example]
    good: Sequence[Example]
    kinds: frozenset[Kind] = frozenset({"reply", "proactive"})
    languages: tuple[Language, ...] = ("en", "de", "fr", "it", "es", "ja", "zh")
