"""Which errors a method can raise: found by a walk over its source and that of all it calls.

The walk follows functions and methods of the service, as far as it knows the class of what they are
called on: from annotations of parameters and results, and from what `__init__` assigns. An error is
reachable if a function that is followed names it, other than in `except` or `suppress`.
"""

import ast
import inspect
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from textwrap import dedent
from types import FunctionType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from app.core.errors import MarketplaceError

Errors = set[type[MarketplaceError]]
SEQUENCES = (list, Sequence, Iterator, AsyncIterator)


def reachable(function: Callable[..., Any], owner: type | None) -> Errors:
    """The errors that a function can raise.

    Args:
        function: The function.
        owner: The class whose method it is.
    """
    walk = Walk()
    walk.follow(function, owner)
    return walk.errors


def is_error(thing: object) -> bool:
    """Whether something is a class of errors that callers are told about."""
    return isinstance(thing, type) and issubclass(thing, MarketplaceError)


def plain(hint: Any) -> Any:
    """The class that an annotation names, without `None`; a tuple of classes for a tuple."""
    if get_origin(hint) in (Union, UnionType):
        (*others,) = [plain(part) for part in get_args(hint) if part is not type(None)]
        return others[0] if len(others) == 1 else None
    if get_origin(hint) is tuple:
        return tuple(map(plain, get_args(hint)))
    if get_origin(hint) in SEQUENCES:
        return [plain(get_args(hint)[0])]
    if hasattr(hint, "__metadata__"):
        return plain(get_args(hint)[0])
    return hint if isinstance(hint, type) else None


class Walk:
    """A walk over functions, each of which is read once for each class that inherits it."""

    def __init__(self) -> None:
        self.errors: Errors = set()
        self._seen: set[tuple[Any, Any]] = set()

    def follow(self, function: Any, owner: type | None) -> None:
        """Reads a function, and those that it calls."""
        function = inspect.unwrap(getattr(function, "__func__", function))
        known = isinstance(function, FunctionType) and function.__module__.startswith("app.")
        if not known or (function, owner) in self._seen:
            return
        self._seen.add((function, owner))
        Reader(self, function, owner).read()

    def note(self, thing: Any) -> None:
        """Takes note of an error, or of those that a collection or a query was made with."""
        if is_error(thing):
            self.errors.add(thing)
        elif isinstance(thing, tuple | dict):
            parts = thing.values() if isinstance(thing, dict) else thing
            self.errors |= set(filter(is_error, parts))
        elif type(thing).__module__.startswith("app.") and hasattr(thing, "__dict__"):
            self.errors |= set(filter(is_error, vars(thing).values()))


class Reader(ast.NodeVisitor):
    """Reads the source of one function.

    Args:
        walk: The walk that it belongs to.
        function: The function.
        owner: The class whose method it is.
    """

    def __init__(self, walk: Walk, function: FunctionType, owner: type | None) -> None:
        self._walk, self._function, self._owner = walk, function, owner
        self._classes: dict[str, Any] = {
            name: plain(hint) for name, hint in get_type_hints(function).items()
        }
        if owner is not None:
            self._classes["self"] = self._classes["cls"] = owner

    def read(self) -> None:
        (tree,) = ast.parse(dedent(inspect.getsource(self._function))).body
        assert isinstance(tree, ast.FunctionDef | ast.AsyncFunctionDef)
        for statement in tree.body:
            self.visit(statement)

    def visit_Assign(self, node: ast.Assign) -> None:
        for target in node.targets:
            self._bind(target, self.class_of(node.value))
        self.generic_visit(node)

    def visit_For(self, node: ast.For) -> None:
        self._bind(node.target, self._item_of(node.iter))
        self.generic_visit(node)

    def visit_comprehension(self, node: ast.comprehension) -> None:
        self._bind(node.target, self._item_of(node.iter))
        self.generic_visit(node)

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        for statement in node.body:
            self.visit(statement)

    def visit_withitem(self, node: ast.withitem) -> None:
        called = node.context_expr.func if isinstance(node.context_expr, ast.Call) else None
        if not (isinstance(called, ast.Name) and called.id == "suppress"):
            self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> None:
        found = self._function.__globals__.get(node.id)
        self._walk.note(found)
        self._walk.follow(found, None)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        owner = self.class_of(node.value)
        if isinstance(owner, type):
            found = inspect.getattr_static(owner, node.attr, None)
            self._walk.note(found)
            self._walk.follow(getattr(found, "fget", found), owner)
        self.generic_visit(node)

    def _bind(self, target: ast.expr, found: Any) -> None:
        if isinstance(target, ast.Name):
            self._classes[target.id] = found
        elif isinstance(target, ast.Tuple) and isinstance(found, tuple):
            for part, known in zip(target.elts, found, strict=False):
                self._bind(part, known)

    def _item_of(self, node: ast.expr) -> Any:
        found = self.class_of(node)
        return found[0] if isinstance(found, list) else None

    def class_of(self, node: ast.expr) -> Any:
        """The class of an expression's value; None if it is not known."""
        match node:
            case ast.Await(value):
                return self.class_of(value)
            case ast.Name(id):
                return self._classes.get(id) or self._named_class(id)
            case ast.Attribute(value, attr):
                return self._attribute_class(self.class_of(value), attr)
            case ast.Call(func):
                return self._result_class(func)
            case _:
                return None

    def _named_class(self, name: str) -> type | None:
        found = self._function.__globals__.get(name)
        return found if isinstance(found, type) else None

    def _attribute_class(self, owner: Any, name: str) -> Any:
        if not isinstance(owner, type):
            return None
        found = inspect.getattr_static(owner, name, None)
        if isinstance(found, property):
            return plain(get_type_hints(found.fget).get("return"))
        if found is not None and not callable(found):
            return type(found)
        return attributes(owner).get(name)

    def _result_class(self, called: ast.expr) -> Any:
        if isinstance(called, ast.Attribute):
            owner = self.class_of(called.value)
            function = inspect.getattr_static(owner, called.attr, None) if owner else None
            function = getattr(function, "__func__", function)
        else:
            assert isinstance(called, ast.Name | ast.Call | ast.Subscript)
            if isinstance(called, ast.Name) and (made := self._named_class(called.id)):
                return made
            name = called.id if isinstance(called, ast.Name) else ""
            function = self._function.__globals__.get(name)
        if not isinstance(function, FunctionType) or not function.__module__.startswith("app."):
            return None
        return plain(get_type_hints(inspect.unwrap(function)).get("return"))


def attributes(owner: type) -> dict[str, Any]:
    """The classes of the attributes that `__init__` of a class assigns."""
    init = inspect.getattr_static(owner, "__init__")
    if not isinstance(init, FunctionType) or not init.__module__.startswith("app."):
        return {}
    reader = Reader(Walk(), init, None)
    (tree,) = ast.parse(dedent(inspect.getsource(init))).body
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            pairs = [(node.targets[0], node.value)]
            if isinstance(node.targets[0], ast.Tuple) and isinstance(node.value, ast.Tuple):
                pairs = list(zip(node.targets[0].elts, node.value.elts, strict=True))
            for target, value in pairs:
                if isinstance(target, ast.Attribute):
                    found[target.attr] = reader.class_of(value)
    return found
