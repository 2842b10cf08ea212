"""Public questions about packages, which work like those about jobs."""

import pytest
from httpx import AsyncClient

from tests.factories.packages import make_draft, make_package
from tests.factories.questions import make_answer, make_question
from tests.factories.users import Market, block, make_user
from tests.hiding import hide, show
from tests.staff import make_staff

TEXT = {"text": "Are the frames included?"}


class TestAsking:
    async def test_needs_a_login(self, market: Market, client: AsyncClient) -> None:
        package = await make_package(market)
        assert (await client.post(f"{package.path}/questions", json=TEXT)).status_code == 401

    async def test_answers_with_the_question(self, market: Market) -> None:
        package, asker = await make_package(market), await make_user(market)
        response = await asker.post(f"{package.path}/questions", TEXT)
        assert response.status_code == 201
        assert (response.json()["text"], response.json()["status"]) == (TEXT["text"], "asked")
        path = response.headers["Location"].removeprefix("/api/v1")
        assert (await package.seller.get(path)).json() == response.json()

    async def test_is_for_others_than_the_seller(self, market: Market) -> None:
        package = await make_package(market)
        response = await package.seller.post(f"{package.path}/questions", TEXT)
        assert (response.status_code, response.json()["code"]) == (409, "question_to_self")

    @pytest.mark.parametrize("state", ["draft", "paused", "archived", "hidden", "blocked"])
    async def test_needs_a_published_package(self, market: Market, state: str) -> None:
        asker = await make_user(market)
        package = await (make_draft if state == "draft" else make_package)(market)
        if state == "paused":
            await package.seller.post(f"{package.path}/pause")
        elif state == "archived":
            await package.seller.post(f"{package.path}/archival")
        elif state == "hidden":
            await hide(await make_staff(market), package.path)
        elif state == "blocked":
            await block(market, package.seller)
        response = await asker.post(f"{package.path}/questions", TEXT)
        assert (response.status_code, response.json()["code"]) == (404, "package_not_found")

    async def test_refuses_contact_details(self, market: Market) -> None:
        package, asker = await make_package(market), await make_user(market)
        response = await asker.post(f"{package.path}/questions", {"text": "+49 151 23456789?"})
        assert (response.status_code, response.json()["code"]) == (422, "contact_details_refused")


class TestAnswering:
    @pytest.mark.parametrize("end", ["pause", "archival"])
    async def test_is_for_the_seller_only_when_the_package_is_not_shown(
        self, market: Market, end: str
    ) -> None:
        question = await make_question(market, await make_package(market))
        await question.owner.post(f"{question.topic.path}/{end}")
        await make_answer(market, question)
        response = await question.asker.post(f"{question.path}/answers", TEXT)
        assert (response.status_code, response.json()["code"]) == (404, "package_not_found")


class TestReading:
    async def test_shows_questions_with_their_answers(self, market: Market) -> None:
        package = await make_package(market)
        first = await make_question(market, package)
        await make_question(market, package, text="And the sills?")
        await make_answer(market, first, package.seller, "Yes.")
        await make_answer(market, first, first.asker, "Thank you.")
        items = await (await make_user(market)).items(f"{package.path}/questions", limit=1)
        assert [(item["text"], item["status"]) for item in items] == [
            ("Is there a lift?", "answered"),
            ("And the sills?", "asked"),
        ]
        assert [answer["text"] for answer in items[0]["answers"]] == ["Yes.", "Thank you."]

    async def test_is_for_those_who_see_the_package(self, market: Market) -> None:
        question = await make_question(market, await make_package(market))
        await question.owner.post(f"{question.topic.path}/pause")
        assert len(await question.owner.items(f"{question.topic.path}/questions")) == 1
        response = await question.asker.get(f"{question.topic.path}/questions")
        assert (response.status_code, response.json()["code"]) == (404, "package_not_found")
        response = await question.asker.get(question.path)
        assert (response.status_code, response.json()["code"]) == (404, "question_not_found")

    async def test_finds_no_question_about_a_job(self, market: Market) -> None:
        question, package = await make_question(market), await make_package(market)
        response = await question.asker.get(f"{package.path}/questions/{question.data['id']}")
        assert (response.status_code, response.json()["code"]) == (404, "question_not_found")


class TestEditing:
    async def test_keeps_versions(self, market: Market) -> None:
        answer = await make_answer(market, await make_question(market, await make_package(market)))
        question = answer.question
        await question.asker.patch(question.path, {"text": "Why?"})
        await answer.author.patch(answer.path, {"text": "So."})
        for path, texts in (
            (question.path, ["Why?", "Is there a lift?"]),
            (answer.path, ["So.", "Yes, a small one."]),
        ):
            versions = await question.owner.items(f"{path}/versions")
            assert [version["text"] for version in versions] == texts

    async def test_is_for_the_author(self, market: Market) -> None:
        question = await make_question(market, await make_package(market))
        response = await question.owner.patch(question.path, TEXT)
        assert (response.status_code, response.json()["code"]) == (403, "not_author")


class TestStaff:
    async def test_hides_questions_and_answers(self, market: Market) -> None:
        answer = await make_answer(market, await make_question(market, await make_package(market)))
        question, staff = answer.question, await make_staff(market)
        path, package_id = f"{question.topic.path}/questions", question.topic.data["id"]
        await hide(staff, answer.path)
        (item,) = await question.asker.items(path)
        assert item["answers"] == []
        await show(staff, answer.path)
        await hide(staff, question.path)
        assert await question.owner.items(path) == []
        for action, ids in (
            ("package_answer_hidden", {"package_answer_id": answer.data["id"]}),
            ("package_question_hidden", {"package_question_id": question.data["id"]}),
        ):
            (entry,) = await staff.items("/admin/audit", action=action)
            assert {"package_id": package_id, **ids}.items() <= entry["details"].items()

    async def test_reads_versions_of_what_is_hidden(self, market: Market) -> None:
        question = await make_question(market, await make_package(market))
        staff = await make_staff(market)
        await hide(staff, question.path)
        (version,) = await staff.items(f"/admin{question.path}/versions")
        assert version["text"] == "Is there a lift?"
        (entry,) = await staff.items("/admin/audit", action="versions_read")
        ids = {"package_id": question.topic.data["id"], "package_question_id": question.data["id"]}
        assert entry["details"] == ids


class TestAnAccount:
    async def test_exports_its_questions_and_answers(self, market: Market) -> None:
        about_package = await make_question(market, await make_package(market))
        asker = about_package.asker
        about_job = await make_question(market, asker=asker)
        await make_answer(market, about_package, asker, "And the doors?")
        await asker.patch(about_package.path, {"text": "Why?"})
        export = (await asker.get("/users/me/export")).json()
        exported = {item["id"]: item for item in export["questions"]}
        assert exported.keys() == {about_package.data["id"], about_job.data["id"]}
        first = exported[about_package.data["id"]]
        assert first["package_id"] == about_package.topic.data["id"]
        assert [version["text"] for version in first["versions"]] == ["Is there a lift?"]
        (answer,) = export["answers"]
        assert (answer["text"], answer["question_id"]) == ("And the doors?", first["id"])

    async def test_that_is_deleted_leaves_no_texts(self, market: Market) -> None:
        answer = await make_answer(market, await make_question(market, await make_package(market)))
        question = answer.question
        await question.asker.patch(question.path, {"text": "Why?"})
        assert (await question.asker.delete("/users/me")).status_code == 204
        (item,) = await question.owner.items(f"{question.topic.path}/questions")
        assert (item["deleted"], item["text"], len(item["answers"])) == (True, None, 1)
