"""What solvers work with: the product on a throw-away home, at a fixed moment, with the knowledge chosen."""

import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Protocol, Self

from assistant.settings import Settings
from evals.data import DEMO_NOW, KNOWLEDGE
from evals.scores import Score

if TYPE_CHECKING:
    from assistant.bootstrap import App
    from assistant.drafting.chat_model import ChatReply, ChatRequest
    from assistant.pipeline import Desk

KnowledgeName = Literal["demo", "home"]


class CannotAsk(Exception):
    """The case cannot be put to the product in this run: no reply recorded, or the budget is spent.

    ``scores``: what can be said of it even so.
    """

    def __init__(self, reason: str, scores: Mapping[str, Score] | None = None) -> None:
        super().__init__(reason)
        self.scores = dict(scores or {})


class EvalModel(Protocol):
    """A chat model of an evaluation: ``begin`` and ``end`` frame a case in the thread that works on it."""

    @property
    def name(self) -> str:
        """Name of the model."""
        ...

    @property
    def calls(self) -> int:
        """Calls made to a real server so far."""
        ...

    def complete(self, request: "ChatRequest") -> "ChatReply":
        """As ``ChatModel.complete``."""
        ...

    def refusal(self) -> str | None:
        """Why a request of this thread's case was not put, since last asked; ``None``: all were."""
        ...


class Workplace:
    """The product as an evaluation sees it; opened when first asked for. Safe to use from many threads.

    ``demo``: the demo seller's knowledge. ``home``: a copy of the active release of the home in ``settings``,
    so that a service running on that home is neither disturbed nor needed. A path: the documents there. The
    time stands still at ``at``.
    ``judge``: the model behind the graders, whose calls count too.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        knowledge: KnowledgeName | Path = "demo",
        model: EvalModel | None = None,
        judge: EvalModel | None = None,
        at: datetime = DEMO_NOW,
    ) -> None:
        self._settings = settings
        self._knowledge = knowledge
        self._model = model
        self._judge = judge
        self._at = at
        self._stack = ExitStack()
        self._lock = threading.Lock()
        self._app: App | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    @property
    def app(self) -> "App":
        """The whole product on a new home.

        Raises:
            KnowledgeError: the knowledge cannot be opened or copied.
            InvalidInput: ``home`` has no active release.
        """
        with self._lock:
            if self._app is None:
                self._app = self._open()
            return self._app

    @property
    def at(self) -> datetime:
        """The moment at which the time stands still."""
        return self._at

    @property
    def model(self) -> EvalModel | None:
        """The chat model that drafts, if there is one."""
        return self._model

    @property
    def calls(self) -> int:
        """Calls made to real model servers, by the one that drafts and the one that judges."""
        models = {id(one): one for one in (self._model, self._judge) if one}
        return sum(one.calls for one in models.values())

    @property
    def knowledge(self) -> str:
        """Name and content of the knowledge, as a cause of a run."""
        name = "documents" if isinstance(self._knowledge, Path) else self._knowledge
        return f"{name}@{self.app.knowledge.fingerprint()[:12]}"

    @property
    def desk(self) -> "Desk":
        """The pipeline's desk with the model of this evaluation."""
        return replace(self.app.desk, model=self._model)

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Frame one case.

        Raises:
            CannotAsk: a request to the model was not put; whatever came out says nothing of the product.
        """
        if self._model:
            self._model.refusal()
        yield
        refusal = self._model.refusal() if self._model else None
        if refusal:
            raise CannotAsk(refusal)

    def _open(self) -> "App":
        from assistant.bootstrap import build, build_store_only

        place = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="replydesk-eval-")))
        changes = {"home": place / "home", "llm": "composer", "database_url": None, "chroma_url": None}
        app = build(self._settings.model_copy(update=changes), now=lambda: self._at)
        self._stack.callback(app.close)
        if self._knowledge == "home":
            with build_store_only(self._settings) as source:
                app.knowledge.adopt(source.engine)
            return app
        if self._knowledge == "demo":
            app.knowledge.seed_vectors(KNOWLEDGE / "vectors.npz")
        folder = KNOWLEDGE if self._knowledge == "demo" else self._knowledge
        app.knowledge.import_paths([folder], publish=True)
        return app
