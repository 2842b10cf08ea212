"""Sessions against a model of their rules, however people and thieves mix what they do."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

from httpx import Response
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
)

from app.core.config import Settings
from tests.driven import Service, drive

DEVICES = ("Telephone/1.0", "Laptop/2.0")
PASSWORDS = ("a lighthouse in winter", "another lighthouse")

EARLIER = (
    """
    UPDATE sessions SET created_at = created_at - $1::interval,
        refreshed_at = refreshed_at - $1::interval, expires_at = expires_at - $1::interval
    """,
    "UPDATE refresh_tokens SET used_at = used_at - $1::interval",
)
"""What has all that sessions are judged by have happened earlier."""


@dataclass
class Family:
    """A session, as the rules say it is."""

    access_token: str
    device: str
    alive: bool = True
    age: int = 0  # minutes since it was last refreshed


@dataclass(eq=False)
class Token:
    """A refresh token, as the rules say it is."""

    text: str
    family: Family
    parent: "Token | None" = None
    used_at: int | None = None
    children: "list[Token]" = field(default_factory=list)


class SessionRules(RuleBasedStateMachine):
    """What the owner of an account does, and whoever gets hold of their tokens."""

    service: Service
    tokens = Bundle("tokens")

    @initialize()
    def register(self) -> None:
        self.name = f"anna-{uuid4().hex[:12]}"
        self.password, self.clock = 0, 0
        self.families: list[Family] = []
        self.all: list[Token] = []
        draft = {"username": self.name, "email": f"{self.name}@example.com"}
        answer = self.service.ask("POST", "/users", json={**draft, "password": PASSWORDS[0]})
        assert answer.status_code == 201

    @rule(target=tokens, device=st.sampled_from(DEVICES))
    def log_in(self, device: str) -> Token:
        form = {"username": self.name, "password": PASSWORDS[self.password]}
        headers = {"User-Agent": device}
        answer = self.service.ask("POST", "/auth/token", data=form, headers=headers)
        assert answer.status_code == 200
        family = Family(answer.json()["access_token"], device)
        self.families.append(family)
        self.all.append(Token(answer.json()["refresh_token"], family))
        return self.all[-1]

    @rule(target=tokens, token=tokens, device=st.sampled_from(DEVICES))
    def refresh(self, token: Token, device: str) -> Any:
        good = self.is_good(token, device)
        (answer,) = self.send(token, device)
        return multiple(*self.learn(token, device, [answer], good=good))

    @rule(target=tokens, token=tokens, times=st.integers(2, 4))
    def refresh_at_once(self, token: Token, times: int) -> Any:
        device = token.family.device
        good = self.is_good(token, device)
        answers = self.send(token, device, times)
        return multiple(*self.learn(token, device, answers, good=good))

    @precondition(lambda self: self.used())
    @rule(target=tokens, choice=st.integers(0, 99), device=st.sampled_from(DEVICES))
    def refresh_again(self, choice: int, device: str) -> Any:
        used = self.used()
        return self.refresh(used[choice % len(used)], device)

    @rule(token=consumes(tokens))
    def log_out(self, token: Token) -> None:
        answer = self.service.ask("DELETE", "/auth/token", token=token.family.access_token)
        assert answer.status_code == (204 if self.is_alive(token.family) else 401)
        token.family.alive = False

    @rule(token=tokens)
    def end_all_others(self, token: Token) -> None:
        path = "/users/me/sessions"
        answer = self.service.ask("DELETE", path, token=token.family.access_token)
        self.ended_but(token.family, answer)

    @rule(token=tokens)
    def change_the_password(self, token: Token) -> None:
        old, new = PASSWORDS[self.password], PASSWORDS[1 - self.password]
        change = {"password": new, "current_password": old}
        answer = self.service.ask(
            "PATCH", "/users/me", token=token.family.access_token, json=change
        )
        if answer.is_success:
            self.password = 1 - self.password
        self.ended_but(token.family, answer)

    @precondition(lambda self: self.families)
    @rule(minutes=st.sampled_from([1, 10, 60 * 24 * 16]))
    def let_time_pass(self, minutes: int) -> None:
        database = self.service.market.app.state.database
        for statement in EARLIER:
            self.service.run(database.fetch(statement, [timedelta(minutes=minutes)]))
        self.clock += minutes
        for family in self.families:
            family.age += minutes

    @invariant()
    def a_session_holds_exactly_while_the_rules_say_so(self) -> None:
        for family in getattr(self, "families", []):
            answer = self.service.ask("GET", "/users/me", token=family.access_token)
            assert answer.status_code == (200 if self.is_alive(family) else 401)

    @invariant()
    def the_list_shows_those_that_hold(self) -> None:
        alive = [it for it in getattr(self, "families", []) if self.is_alive(it)]
        if alive:
            path = "/users/me/sessions?limit=100"
            answer = self.service.ask("GET", path, token=alive[0].access_token)
            assert len(answer.json()["items"]) == len(alive)

    def is_alive(self, family: Family) -> bool:
        return family.alive and family.age < 60 * 24 * 30

    def used(self) -> list[Token]:
        """The tokens of live sessions that have been used before."""
        return [it for it in self.all if it.used_at is not None and self.is_alive(it.family)]

    def is_good(self, token: Token, device: str) -> bool:
        if token.used_at is None:
            siblings = token.parent.children if token.parent else []
            return all(sibling.used_at is None for sibling in siblings)
        answered = any(child.used_at is not None for child in token.children)
        return token.used_at == self.clock and device == token.family.device and not answered

    def send(self, token: Token, device: str, times: int = 1) -> list[Response]:
        form = {"grant_type": "refresh_token", "refresh_token": token.text}
        headers = {"User-Agent": device}
        return self.service.ask_at_once(times, "POST", "/auth/token", data=form, headers=headers)

    def learn(
        self, token: Token, device: str, answers: list[Response], *, good: bool
    ) -> list[Token]:
        """Compares answers to a refresh with the rules, and follows these."""
        family = token.family
        if not (self.is_alive(family) and good):
            assert [answer.status_code for answer in answers] == [401] * len(answers)
            family.alive = False
            return []
        assert [answer.status_code for answer in answers] == [200] * len(answers)
        token.used_at = self.clock if token.used_at is None else token.used_at
        family.device, family.age = device, 0
        family.access_token = answers[-1].json()["access_token"]
        children = [Token(it.json()["refresh_token"], family, token) for it in answers]
        token.children += children
        self.all += children
        return children

    def ended_but(self, family: Family, answer: Response) -> None:
        """What becomes of the sessions when one of them ends the others."""
        assert answer.is_success == self.is_alive(family)
        if answer.is_success:
            for other in self.families:
                other.alive = other is family


def test_sessions_keep_their_rules(own_database: Settings) -> None:
    drive(SessionRules, own_database, examples=15, steps=20)
