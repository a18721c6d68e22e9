"""The compliance guard: every rule on the whole text; fails closed."""
