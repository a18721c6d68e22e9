"""One tree of errors; the faces of the product map classes to statuses and exit codes, nothing else does.

ReplyDeskError
├── InvalidInput            the caller's data is wrong; the message names the field, row or file and the cure
├── NotFound                no such suggestion, document, release, key
├── NotAllowed              the actor's role may not do this
├── Conflict                the state has moved on, or the key was used for another request
│   └── GuardBlocked        the final text breaks a rule; carries the report, nothing was approved
├── SettingsInvalid         the environment asks for something that cannot be
├── StoreUnavailable        the database is locked, full, broken or from another version
├── ModelUnavailable        the chat model is down, slow, refuses or answers nonsense; the composer takes over
└── AuditBroken             the audit chain does not verify; names the first bad row

The knowledge base has its own small tree in ``knowledge_base/errors.py``: it imports nothing of ours.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.domain import GuardReport


class ReplyDeskError(Exception):
    """Base of every error that a user may see; its text is one clear line."""


class InvalidInput(ReplyDeskError):
    """Data that cannot be taken as it is."""


class NotFound(ReplyDeskError):
    """The thing asked for does not exist."""


class NotAllowed(ReplyDeskError):
    """The role does not permit it."""


class Conflict(ReplyDeskError):
    """Somebody else was first, or the state forbids it now."""


class GuardBlocked(Conflict):
    """The final text may not go out."""

    def __init__(self, report: "GuardReport") -> None:
        rules = ", ".join(sorted({finding.rule for finding in report.findings if finding.severity != "warn"}))
        super().__init__(f"the text may not be approved: {report.verdict} by {rules}")
        self.report = report


class SettingsInvalid(ReplyDeskError):
    """The environment cannot be honoured."""


class StoreUnavailable(ReplyDeskError):
    """A store cannot be opened or written."""


class ModelUnavailable(ReplyDeskError):
    """No usable answer from the chat model."""


class AuditBroken(ReplyDeskError):
    """The chain of audit rows does not verify."""
