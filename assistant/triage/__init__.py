"""Triage: what a message is about, how dangerous it is, in which language, and whose it is."""
