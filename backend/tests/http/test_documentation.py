"""What the service says of itself: pages for people, a description for programs."""

import re
from typing import Any

import pytest
from httpx import AsyncClient

from app.http.photo_files import MEDIA_TYPE as PHOTO
from app.http.problems import Problem
from tests.operations import DOCUMENT, OPERATIONS, Operation
from tests.server import BACKEND

FORMATS = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "json": "application/json",
    "png": "image/png",
}
SECRET = re.compile("token|password|secret|code|email|phone|address")
EACH = pytest.mark.parametrize("operation", OPERATIONS, ids=str)


class TestTheDocumentation:
    @pytest.mark.parametrize("path", ["/docs", "/redoc"])
    async def test_is_served_without_the_help_of_others(
        self, client: AsyncClient, path: str
    ) -> None:
        page = await client.get(f"http://test{path}")
        assert page.status_code == 200
        assert page.headers["Content-Type"] == "text/html; charset=utf-8"
        assert "//" not in re.sub(r"(?m)^\s*//.*$", "", page.text)
        assets = re.findall(r"""(?:src|href|spec-url|url:)\s*=?\s*["']([^"']+)""", page.text)
        assert "/openapi.json" in assets
        assert len(assets) >= 3
        for asset in assets:
            response = await client.get(f"http://test{asset}")
            assert response.status_code == 200
            assert response.content
            assert response.headers["Content-Type"] == FORMATS[asset.rpartition(".")[2]]

    @pytest.mark.parametrize("path", ["/docs", "/redoc"])
    async def test_keeps_no_login(self, client: AsyncClient, path: str) -> None:
        page = await client.get(f"http://test{path}")
        assert "persistAuthorization" not in page.text

    @pytest.mark.parametrize(
        "path", ["", "/", "/.", "/../core.py", "/..%2fcore.py", "/%2e%2e/core.py", "//etc/passwd"]
    )
    @pytest.mark.parametrize("folder", ["/static-offline-docs", "/static"])
    async def test_shows_no_files_but_its_own(
        self, client: AsyncClient, folder: str, path: str
    ) -> None:
        response = await client.get(f"http://test{folder}{path}")
        assert response.status_code == 404

    async def test_can_be_read_by_programs(self, client: AsyncClient) -> None:
        response = await client.get("http://test/openapi.json")
        assert response.status_code == 200
        assert response.json() == DOCUMENT
        assert response.json()["openapi"].startswith("3.1")

    async def test_lets_people_log_in(self) -> None:
        scheme = DOCUMENT["components"]["securitySchemes"]["OAuth2PasswordBearer"]
        assert scheme["flows"]["password"]["tokenUrl"] == "/api/v1/auth/token"

    async def test_has_all_that_it_refers_to(self) -> None:
        schemas = DOCUMENT["components"]["schemas"]
        names = set(re.findall(r"#/components/schemas/(\w+)", str(DOCUMENT)))
        assert names == schemas.keys()

    async def test_says_what_is_in_every_list(self) -> None:
        assert re.findall(r"'(\w+)': \{'items': \{\}", str(DOCUMENT["components"])) == []

    async def test_lists_each_call_in_its_page(self) -> None:
        page = (BACKEND / "docs" / "api.md").read_text()
        listed = set(re.findall(r"[\w-]+", page.partition("## Conventions")[0]))
        paths = [operation.path.removeprefix("/api/v1").split("/") for operation in OPERATIONS]
        parts = {part for path in paths for part in path if part and "{" not in part}
        assert parts - listed == set()

    async def test_explains_every_tag(self) -> None:
        used = {tag for operation in OPERATIONS for tag in operation.details["tags"]}
        assert used == {tag["name"] for tag in DOCUMENT["tags"] if tag["description"]}


class TestEveryOperation:
    async def test_has_a_name_of_its_own(self) -> None:
        assert len({str(operation) for operation in OPERATIONS}) == len(OPERATIONS)

    @EACH
    async def test_is_summed_up_and_described(self, operation: Operation) -> None:
        assert operation.details["summary"]
        assert operation.details["description"] not in ("", operation.details["summary"])

    @EACH
    async def test_has_no_secret_in_its_address(self, operation: Operation) -> None:
        in_address = {*operation.parameters("path"), *operation.parameters("query")}
        assert not [name for name in in_address if SECRET.search(name)]

    @EACH
    async def test_gives_an_example_of_each_error(self, operation: Operation) -> None:
        for status, response in operation.details["responses"].items():
            if int(status) >= 400:
                (content,) = response["content"].values()
                assert content["schema"] == {"$ref": "#/components/schemas/Problem"}
                for code, example in content["examples"].items():
                    problem = Problem.model_validate(example["value"])
                    assert problem.code == code
                    assert problem.status == int(status)
                    assert problem.detail

    @EACH
    async def test_documents_the_errors_that_it_can_have(self, operation: Operation) -> None:
        documented = set(operation.details["responses"])
        assert operation.needs_login == ("401" in documented) or str(operation) == "create_token"
        has_input = "parameters" in operation.details or "requestBody" in operation.details
        assert not has_input or "422" in documented
        assert ("412" in documented) == ("if-match" in operation.parameters("header"))
        assert str(operation) == "healthz" or "503" in documented

    @EACH
    async def test_leads_on_from_what_it_makes(self, operation: Operation) -> None:
        links = operation.details["responses"].get("201", {}).get("links", {})
        for name, link in links.items():
            (other,) = (other for other in OPERATIONS if str(other) == name)
            known = {f"$request.path.{parameter}" for parameter in operation.parameters("path")}
            assert link["parameters"].keys() == other.parameters("path").keys()
            assert set(link["parameters"].values()) <= known | {"$response.body#/id"}
        leading = {
            *("make_package", "post_cleaning", "make_offer", "accept_offer", "make_api_key"),
            *("place_order", "make_upload", "make_webhook", "save_search", "make_report"),
            *("ask_question", "answer_question"),
            *("ask_package_question", "answer_package_question"),
        }
        assert bool(links) == (str(operation) in leading)

    @EACH
    async def test_gives_an_example_of_what_it_takes(self, operation: Operation) -> None:
        if operation.media_type is not None and not operation.takes_file:
            assert has_example(operation.details["requestBody"]["content"][operation.media_type])

    @EACH
    async def test_gives_an_example_of_what_it_answers(self, operation: Operation) -> None:
        for status, response in operation.details["responses"].items():
            if int(status) < 300 and status != "204":
                described = [it for kind, it in response["content"].items() if kind != PHOTO]
                assert all(map(has_example, described))


def has_example(described: dict[str, Any]) -> bool:
    """Says whether anything in a description, or in what it refers to, is an example."""
    if described.get("examples") or described.get("example"):
        return True
    schemas = DOCUMENT["components"]["schemas"]
    inner = [schemas[name] for name in re.findall(r"#/components/schemas/(\w+)", str(described))]
    inner += [value for value in described.values() if isinstance(value, dict)]
    return any(has_example(part) for part in inner)
