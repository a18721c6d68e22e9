"""Knowledge: search it; import, publish and take back what it holds."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query

from api.dependencies import Caller, GuardedRoute, Wired, bearer
from api.knowledge_schemas import (
    CheckResult,
    DocumentList,
    DocumentView,
    ImportResult,
    PublishRequest,
    RefusalView,
    ReleaseList,
    ReleaseView,
    Upload,
)
from api.schemas import SearchQuery, SearchResult
from api.uploads import take_in

router = APIRouter(
    prefix="/v1/knowledge", tags=["knowledge"], route_class=GuardedRoute, dependencies=[Depends(bearer)]
)


@router.get("/search", summary="Search the knowledge")
def search_knowledge(query: Annotated[SearchQuery, Query()], app: Wired) -> SearchResult:
    """Passages of the served release that answer the question, best first, in the scope that is given."""
    return SearchResult.of(None, app.service.search(query.as_query()))


@router.get("/documents", summary="Documents of the draft state")
def list_documents(app: Wired) -> DocumentList:
    """Everything that the next release will hold."""
    return DocumentList(items=tuple(map(DocumentView.model_validate, app.knowledge.documents())))


@router.post("/documents", summary="Import a file")
def import_document(body: Upload, app: Wired, actor: Caller) -> ImportResult:
    """Take one knowledge file into the draft state.

    A file uploaded again under its name replaces what it held before. Rows that cannot be taken are listed in
    `refused`; when nothing could be taken, the answer is 422.
    """
    report = take_in(app.knowledge, app.settings.home, body, actor.name)
    return ImportResult.model_validate(report)


@router.get("/check", summary="What is wrong with the draft state")
def check_knowledge(app: Wired) -> CheckResult:
    """Duplicates, gaps, contradictions and documents that are out of date or due for review."""
    found = tuple(map(RefusalView.model_validate, app.knowledge.check()))
    return CheckResult(ok=not found, problems=found)


@router.get("/releases", summary="Releases")
def list_releases(app: Wired) -> ReleaseList:
    """Releases that are kept, newest first; `active` marks the one that is served."""
    return ReleaseList(items=tuple(map(ReleaseView.model_validate, app.knowledge.releases())))


@router.post("/releases", status_code=201, summary="Publish")
def publish_release(body: PublishRequest, app: Wired, actor: Caller) -> ReleaseView:
    """Build a release of the draft state and serve it; the one before stays for a rollback."""
    return ReleaseView.model_validate(app.knowledge.publish(note=body.note, actor=actor.name))


@router.post("/releases/{number}/rollback", summary="Serve an earlier release again")
def rollback_release(number: Annotated[int, Path(ge=1, le=2_000_000_000)], app: Wired) -> ReleaseView:
    """Switch at once; the draft state stays as it is."""
    return ReleaseView.model_validate(app.knowledge.rollback(number))
