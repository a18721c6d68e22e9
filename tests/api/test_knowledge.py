"""Knowledge over HTTP: search, import, publish, roll back."""

import base64
from typing import Any

import pytest
from fastapi.testclient import TestClient

from assistant.bootstrap import App
from assistant.vocabulary import Role

Headers = dict[str, str]


@pytest.fixture
def librarian(key_of: dict[Role, Headers]) -> Headers:
    return key_of[Role.KNOWLEDGE_MANAGER]


def _document(name: str, answer: str = "Yes, it is.") -> str:
    front = f"document_id: {name}\ntitle: {name}\nlanguage: en\nkind: faq"
    return f"---\n{front}\n---\n# Is it {name}?\n\n{answer} Ask us for {name}.\n"


def _import(client: TestClient, headers: Headers, filename: str, content: str, **more: Any) -> Any:
    body = {"filename": filename, "content": content, **more}
    return client.post("/v1/knowledge/documents", json=body, headers=headers)


def test_search_finds_what_answers(client: TestClient, agent: Headers) -> None:
    answer = client.get(
        "/v1/knowledge/search",
        params={"query": "Is the basket dishwasher safe?", "language": "en-GB", "asin": "B0VNAF5501", "k": 2},
        headers=agent,
    )
    hits = answer.json()["hits"]
    assert answer.status_code == 200
    assert hits[0]["document_id"] == "faq-dishwasher"
    assert hits[0].keys() == {"document_id", "chunk_id", "release", "title", "score", "language", "text"}
    assert 0 <= hits[0]["score"] <= 1
    assert len(hits) <= 2


@pytest.mark.parametrize("query", ["", "query=", "query=x&k=0", "query=x&language=xx", "query=x&filter=1"])
def test_search_refuses_what_it_cannot_do(client: TestClient, agent: Headers, query: str) -> None:
    assert client.get(f"/v1/knowledge/search?{query}", headers=agent).status_code == 422


def test_half_a_surrogate_is_no_text(client: TestClient, librarian: Headers) -> None:
    body = b'{"filename": "a.md", "content": "\\ud800"}'
    headers = {**librarian, "Content-Type": "application/json"}
    answer = client.post("/v1/knowledge/documents", content=body, headers=headers)
    assert (answer.status_code, answer.json()["detail"]) == (422, "content: must be valid Unicode")


def test_a_file_is_imported_published_and_taken_back(
    client: TestClient, librarian: Headers, desk: App
) -> None:
    before = desk.knowledge.active_release()
    assert before is not None
    added = _import(client, librarian, "washable.md", _document("faq-washable")).json()
    assert added["added"] == ["faq-washable"]
    listed = client.get("/v1/knowledge/documents", headers=librarian).json()["items"]
    [document] = [one for one in listed if one["document_id"] == "faq-washable"]
    assert document["languages"] == ["en"]
    assert document["actor"] == "knowledge_manager"
    published = client.post("/v1/knowledge/releases", json={"note": "washable"}, headers=librarian)
    assert published.status_code == 201
    assert published.json()["active"]
    assert published.json()["number"] == before.number + 1
    back = client.post(f"/v1/knowledge/releases/{before.number}/rollback", headers=librarian)
    assert back.status_code == 200
    releases = client.get("/v1/knowledge/releases", headers=librarian).json()["items"]
    assert {one["number"]: one["active"] for one in releases}[before.number]


def test_a_file_of_the_same_name_replaces_what_it_held(client: TestClient, librarian: Headers) -> None:
    header = "document_id,language,marketplaces,asins,question,answer\n"
    both = header + "faq-up-a,en,,,Is a up?,Yes a.\nfaq-up-b,en,,,Is b up?,Yes b.\n"
    assert len(_import(client, librarian, "up.csv", both).json()["added"]) == 2
    report = _import(client, librarian, "up.csv", header + "faq-up-a,en,,,Is a up?,Yes a.\n").json()
    assert report["unchanged"] == ["faq-up-a"]
    assert report["removed"] == ["faq-up-b"]


def test_bad_rows_are_named_and_the_rest_is_taken(client: TestClient, librarian: Headers) -> None:
    header = "document_id,language,marketplaces,asins,question,answer\n"
    rows = header + "faq-row,en,,,Is it?,Yes it is.\n,en,,,Q?,A.\n"
    report = _import(client, librarian, "rows.csv", rows).json()
    assert report["added"] == ["faq-row"]
    assert len(report["refused"]) == 1
    assert report["refused"][0].keys() == {"origin", "reason"}


def test_a_file_of_which_nothing_can_be_taken_is_refused_and_not_kept(
    client: TestClient, librarian: Headers, desk: App
) -> None:
    answer = _import(client, librarian, "bad.md", "no front matter")
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith("bad.md")
    assert not (desk.settings.home / "uploads" / "bad.md").exists()


def test_a_refused_file_leaves_the_former_one(client: TestClient, librarian: Headers, desk: App) -> None:
    path = desk.settings.home / "uploads" / "kept.md"
    _import(client, librarian, "kept.md", _document("faq-kept"))
    before = path.read_bytes()
    assert _import(client, librarian, "kept.md", "no front matter").status_code == 422
    assert path.read_bytes() == before


def test_binary_files_come_as_base64(client: TestClient, librarian: Headers) -> None:
    content = base64.b64encode(_document("faq-base64").encode()).decode()
    assert _import(client, librarian, "b64.md", content, encoding="base64").json()["added"] == ["faq-base64"]
    assert _import(client, librarian, "b64.md", "***", encoding="base64").status_code == 422


@pytest.mark.parametrize(
    "name", ["../x.md", "a/b.md", ".hidden.md", "noending", "x" * 200 + ".md", "a\x00.md"]
)
def test_a_file_name_cannot_leave_its_folder(client: TestClient, librarian: Headers, name: str) -> None:
    assert _import(client, librarian, name, _document("faq-name")).status_code == 422


def test_a_release_that_is_not_kept_is_not_found(client: TestClient, librarian: Headers) -> None:
    assert client.post("/v1/knowledge/releases/999999/rollback", headers=librarian).status_code == 404
    assert client.post("/v1/knowledge/releases/zero/rollback", headers=librarian).status_code == 422


def test_what_is_wrong_with_the_knowledge_is_said(client: TestClient, librarian: Headers) -> None:
    for name in ("faq-twin-one", "faq-twin-two"):
        _import(client, librarian, f"{name}.md", _document("faq-twin").replace("id: faq-twin", f"id: {name}"))
    found = client.get("/v1/knowledge/check", headers=librarian).json()
    assert found["ok"] == (not found["problems"])
