"""Errors of the knowledge base; each text is one clear line that says what to do.

KnowledgeError
├── KnowledgeInvalid      a path, document, release number or query cannot be taken
├── KnowledgeUnavailable  vectors or database locked by another process, full, or broken
│   └── EmbeddingMismatch the collection was made with another embedding; says how to re-embed
└── KnowledgeNotFound     no such document or release
"""


class KnowledgeError(Exception):
    """Base of all errors here."""


class KnowledgeInvalid(KnowledgeError):
    """The caller's data is wrong."""


class KnowledgeUnavailable(KnowledgeError):
    """A store cannot be opened, read or written."""


class EmbeddingMismatch(KnowledgeUnavailable):
    """Vectors of two encoders must not meet in one search."""


class KnowledgeNotFound(KnowledgeError):
    """The document or release does not exist."""
