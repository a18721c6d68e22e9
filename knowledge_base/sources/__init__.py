"""Readers: every file yields documents and refusals, never an exception for what is in it."""
