"""Figures in words: as many digits as say something."""


def quantity(value: float | None) -> str:
    """A share with three decimals, a larger figure with fewer, a tiny one with two digits that count."""
    if value is None:
        return "–"
    size = abs(value)
    if size >= 1_000:
        return f"{value:,.0f}"
    if size >= 10:
        return f"{value:.1f}"
    return f"{value:.3f}" if size >= 0.001 or not size else f"{value:.2g}"


def signed(value: float | None) -> str:
    """A difference with its sign, a true minus."""
    if value is None:
        return "–"
    return f"{'+' if value >= 0 else '−'}{quantity(abs(value))}"


def probability(value: float) -> str:
    """A p-value with three decimals, never a bare zero."""
    return "< 0.001" if value < 0.001 else f"{value:.3f}"


def duration(seconds: float) -> str:
    """A span of time as people say it: ``0.4 ms``, ``35 ms``, ``1.2 s``, ``3 min 20 s``, ``2 h 05 min``."""
    if seconds < 0.00995:
        return f"{seconds * 1000:.1f} ms"
    if seconds < 0.9995:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 59.5:
        return f"{seconds:.1f} s" if seconds < 9.95 else f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02} min"
