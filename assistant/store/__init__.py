"""The relational store: suggestions with their drafts, idempotency keys, the audit chain and access keys."""
