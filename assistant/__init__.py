"""Triage, drafting, guard, approval: the work of the service."""
