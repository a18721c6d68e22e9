"""Measures of real work, from what people decided about drafts."""
