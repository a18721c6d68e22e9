"""Versioned prompts and phrase blocks, and their loader."""
