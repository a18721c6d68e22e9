"""The only place where the parts are put together."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from sqlalchemy import Engine

from assistant.domain import Case, Proposal
from assistant.errors import StoreUnavailable
from assistant.settings import Settings
from assistant.store.audit import AuditTrail
from assistant.store.keys import Keys
from assistant.store.schema import open_store

if TYPE_CHECKING:
    from assistant.drafting.chat_model import OpenAIChatModel
    from assistant.pipeline import Desk
    from assistant.service import Service
    from knowledge_base.base import KnowledgeBase
    from knowledge_base.embeddings import NamedEmbeddings


@dataclass(frozen=True)
class StoreApp:
    """What needs the database alone. Close it, or use it as a context manager."""

    settings: Settings
    engine: Engine
    keys: Keys
    audit: AuditTrail

    def close(self) -> None:
        """Give everything back."""
        self.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


@dataclass(frozen=True)
class App(StoreApp):
    """The whole product, wired."""

    service: "Service"
    knowledge: "KnowledgeBase"
    desk: "Desk"
    closers: tuple[Callable[[], None], ...] = ()

    def close(self) -> None:
        """Give everything back, the database last."""
        for give_back in self.closers:
            give_back()
        super().close()


def utc_now() -> datetime:
    """The time of the machine."""
    return datetime.now(UTC)


def build_store_only(settings: Settings, *, now: Callable[[], datetime] = utc_now) -> StoreApp:
    """Open the database; knowledge and models stay untouched.

    Raises:
        SettingsInvalid: the database address is not one.
        StoreUnavailable: home or database cannot be opened.
    """
    home = _home(settings)
    engine = open_store(settings.sqlalchemy_url)
    return StoreApp(settings, engine, Keys(engine, home, now=now), AuditTrail(engine))


def build(settings: Settings, *, now: Callable[[], datetime] = utc_now) -> App:
    """Wire everything; encoder and vectors are loaded when first needed.

    Raises:
        SettingsInvalid: the database address is not one.
        StoreUnavailable: home or database cannot be opened.
    """
    from assistant.pipeline import Desk, propose
    from assistant.readiness import ModelProbe, no_model
    from assistant.service import Service
    from assistant.store.idempotency import Runs
    from knowledge_base.base import KnowledgeBase

    store = build_store_only(settings, now=now)
    home = _home(settings)
    knowledge = KnowledgeBase(
        store.engine, home, embeddings=lambda: _embeddings(settings), chroma_url=settings.chroma_url
    )
    model = chat_model(settings) if settings.llm == "openai" else None
    desk = Desk(
        search=knowledge.search,
        model=model,
        now=now,
        context_tokens=settings.context_tokens,
        model_seconds=settings.llm_timeout_seconds,
        answer_hours=settings.answer_hours,
        warn_hours=settings.warn_hours,
    )

    def propose_at_desk(case: Case, *, instructions: str | None = None) -> Proposal:
        return propose(case, desk, instructions=instructions)

    runs = Runs(home)
    service = Service(
        store.engine,
        propose=propose_at_desk,
        knowledge=knowledge,
        now=now,
        runs=runs,
        probe_model=ModelProbe(settings.openai_base_url, _api_key(settings)) if model else no_model,
    )
    closers = (*((model.close,) if model else ()), knowledge.close, runs.close)
    return App(settings, store.engine, store.keys, store.audit, service, knowledge, desk, closers)


def _home(settings: Settings) -> Path:
    home = settings.home.resolve()
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StoreUnavailable(f"REPLYDESK_HOME {home} cannot be made: {error.strerror}") from error
    return home


def _api_key(settings: Settings) -> str | None:
    return settings.openai_api_key.get_secret_value() if settings.openai_api_key else None


def _embeddings(settings: Settings) -> "NamedEmbeddings":
    from knowledge_base.embeddings import open_embeddings

    return open_embeddings(
        settings.embeddings,
        model=settings.embeddings_model,
        api_key=_api_key(settings),
        base_url=settings.openai_base_url,
    )


def chat_model(settings: Settings) -> "OpenAIChatModel":
    """The chat model that the settings name, whatever drafter they choose; close it after use."""
    from assistant.drafting.chat_model import OpenAIChatModel

    return OpenAIChatModel(
        settings.llm_model,
        api_key=settings.openai_api_key,
        base_url=settings.openai_base_url,
        input_usd_per_million=settings.llm_input_usd_per_million,
        output_usd_per_million=settings.llm_output_usd_per_million,
    )
