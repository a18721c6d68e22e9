"""Which passages may answer: marketplace, product and day, as arrays over all chunks of a release."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime

import numpy as np
import numpy.typing as npt

from knowledge_base.types import Chunk, Query

Mask = npt.NDArray[np.bool_]


class Scope:
    """Immutable once built; a mask costs microseconds, so nothing is filtered inside Chroma."""

    def __init__(self, chunks: Sequence[Chunk]) -> None:
        """``chunks`` in the order of the release."""
        self._active = np.array([chunk.status == "active" for chunk in chunks], bool)
        self._from = np.array([(chunk.effective_from or date.min).toordinal() for chunk in chunks], np.int64)
        self._to = np.array([(chunk.effective_to or date.max).toordinal() for chunk in chunks], np.int64)
        self._everywhere, self._by_marketplace = _groups(chunks, lambda chunk: chunk.marketplaces)
        self._general, self._by_asin = _groups(chunks, lambda chunk: chunk.asins)

    def allowed(self, query: Query) -> Mask:
        """Chunks that may answer the query: one of another product, marketplace or time may not."""
        day = (query.at or datetime.now(UTC).date()).toordinal()
        mask: Mask = self._active & (self._from <= day) & (day <= self._to)
        if query.marketplace:
            mask &= self._everywhere | _any(self._by_marketplace, [query.marketplace], len(mask))
        if query.asins:
            mask &= self._general | self.own(query.asins)
        return mask

    def own(self, asins: Iterable[str]) -> Mask:
        """Chunks written for one of these products."""
        return _any(self._by_asin, asins, len(self._active))


def _groups(chunks: Sequence[Chunk], of: Callable[[Chunk], frozenset[str]]) -> tuple[Mask, dict[str, Mask]]:
    values = [of(chunk) for chunk in chunks]
    unbound = np.array([not value for value in values], bool)
    names = {name for value in values for name in value}
    return unbound, {name: np.array([name in value for value in values], bool) for name in names}


def _any(groups: dict[str, Mask], names: Iterable[str], size: int) -> Mask:
    mask = np.zeros(size, bool)
    for name in names:
        if name in groups:
            mask |= groups[name]
    return mask
