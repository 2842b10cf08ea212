"""The rules of packages in the state machine."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.market_model.machine import CHOICE, PEOPLE, SOMEBODY, Machine, answer, often
from tests.market_model.packages import Package
from tests.market_model.people import Person
from tests.market_model.steps import ON_PACKAGES

PACKAGES = 3


class PackageRules(Machine):
    """Packages are drafted, edited, published, paused, archived and restocked."""

    packages: list[Package]
    category: str
    """The category of all jobs and packages."""

    @precondition(lambda self: sum(it.status != "archived" for it in self.packages) < PACKAGES)
    @rule(who=st.integers(0, PEOPLE - 1), stock=st.sampled_from([None, 0, 3]))
    def draft_a_package(self, *, who: int, stock: int | None) -> None:
        seller = self.people[who]
        draft = {"name": "Windows", "price": "50.00", "category": self.category, "stock": stock}
        response = self.send(seller, "POST", "/packages", draft)
        package = self.compare(response, lambda: Package.of(seller, stock=stock))
        if package:
            package.path = f"/packages/{response.json()['id']}"
            self.packages.append(package)

    @precondition(lambda self: self.packages)
    @rule(
        package=CHOICE,
        name=often("publish", "edit", "restock", rarely=["pause", "archive"]),
        who=SOMEBODY,
        by=st.integers(-2, 2),
    )
    def change_a_package(self, *, package: int, name: str, who: int | None, by: int) -> None:
        step = ON_PACKAGES[name]
        on = self.chosen(self.packages, step, package)
        person = self.person(who, on.seller)
        if name == "edit":
            step = step._replace(body={"description": f"Revision {on.revision + 1}"})
        if name == "restock":
            step = step._replace(body={"by": by})
        self.take(person, name, step, on, *([by] if name == "restock" else []))
        self.look_at_package(person, on)

    def look_at_package(self, who: Person, package: Package) -> None:
        """Compares a package as a person sees it with the rules."""
        response = self.send(who, "GET", package.path)
        if not who.acts or not package.sees(who):
            assert answer(response) == ("package_not_found" if who.acts else "unauthenticated")
            return
        seen = response.json()
        assert (seen["status"], seen["revision"], seen["stock"], seen["hidden"]) == (
            *(package.status, package.revision, package.stock, package.hidden),
        )

    def look_at_packages(self, who: Person) -> None:
        """Compares the lists of the packages of each seller with the rules."""
        for seller in (it for it in self.people if who.acts and not it.deleted):
            path = f"/packages?limit=100&cleaner={seller.actor.id}"
            listed = self.send(who, "GET", path).json()["items"]
            offered = [it.path for it in self.packages if it.is_offered and it.seller is seller]
            assert [f"/packages/{it['id']}" for it in reversed(listed)] == offered
