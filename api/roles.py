"""Who may do what: the one table from operation to roles.

An operation that is missing here answers nobody; a test walks all routes over the table.
"""

from typing import Final

from assistant.vocabulary import Role

EVERYBODY: Final = frozenset(Role)
DESK: Final = frozenset({Role.AGENT, Role.SUPERVISOR})
DECIDERS: Final = DESK | {Role.FINANCE, Role.COMPLIANCE}
"""Those whose yes or no a suggestion may wait for; which of them, its ``approval.required_roles`` say."""

CHECKERS: Final = DECIDERS | {Role.QA, Role.ADMIN}
SEARCHERS: Final = DESK | {Role.COMPLIANCE, Role.KNOWLEDGE_MANAGER, Role.QA, Role.ADMIN}
LIBRARIANS: Final = frozenset({Role.KNOWLEDGE_MANAGER, Role.ADMIN})

ACCESS: Final[dict[str, frozenset[Role]]] = {
    "create_suggestion": DESK,
    "list_suggestions": EVERYBODY,
    "get_suggestion": EVERYBODY,
    "approve_suggestion": DECIDERS,
    "reject_suggestion": DECIDERS,
    "escalate_suggestion": DECIDERS,
    "regenerate_suggestion": DESK,
    "check_text": CHECKERS,
    "triage_message": CHECKERS,
    "search_knowledge": SEARCHERS,
    "list_documents": LIBRARIANS,
    "import_document": LIBRARIANS,
    "check_knowledge": LIBRARIANS,
    "list_releases": LIBRARIANS,
    "publish_release": LIBRARIANS,
    "rollback_release": LIBRARIANS,
    "read_metrics": frozenset({Role.ADMIN}),
}
"""Roles by operation. ``admin`` reads and manages but decides about no text."""

OPEN: Final = frozenset({"healthz", "readyz"})
"""Operations that need no key."""


def may(role: Role, operation: str) -> bool:
    """Whether a key of the role may call the operation."""
    return role in ACCESS.get(operation, frozenset())


def allowed(operation: str) -> str:
    """The roles of an operation in words, in the order in which roles are declared."""
    return ", ".join(role.value for role in Role if may(role, operation)) or "nobody"
