"""How outputs are judged: one file each, deterministic, without any model."""
