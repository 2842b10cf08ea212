"""Babel's extractor for Python: texts that are marked, those of errors, and those of validators."""

import ast
import builtins
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import IO, Any

from app.core.errors import MarketplaceError
from app.db.models.wording import as_sentence

BACKEND = Path(__file__).parents[1]
WORDS = (b"N_(", b"raise ", b"detail = ", b"ngettext(")
"""Files with none of these words have no texts."""
MARK = "N_"
PLURAL = "ngettext"
VALIDATORS = "app.db.models."
"""The package whose `ValueError`s are shown to users."""


def extract(
    file: IO[bytes], *_: Any, **_options: Any
) -> Iterator[tuple[int, str | None, str | tuple[str, str], list[str]]]:
    """The texts of a file: their lines, and themselves, in the form of Babel.

    Those with a plural are calls of a method `ngettext`.

    Args:
        file: The file.

    Raises:
        TypeError: The text of an error is put together when it is raised, so that it can't be
            translated: it needs placeholders.
    """
    source = file.read()
    if not any(word in source for word in WORDS):
        return
    path = Path(file.name).relative_to(BACKEND).with_suffix("")
    name = ".".join(path.parts).removesuffix(".__init__")
    names = vars(import_module(name))
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ClassDef) and is_error(names.get(node.name)):
            text = vars(names[node.name]).get("detail", "")
        elif isinstance(node, ast.Call) and is_plural(node.func):
            one, several = (constant(it, names) for it in node.args[:2])
            yield node.lineno, PLURAL, (one, several), []
            continue
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
            text = text_of_call(node.func.id, node.args[0], names, name)
        else:
            continue
        if text:
            yield node.lineno, None, text, []


def is_plural(function: ast.expr) -> bool:
    """Whether a call of a function has a text for one and a text for several."""
    return isinstance(function, ast.Attribute) and function.attr == PLURAL


def text_of_call(function: str, argument: ast.expr, names: Mapping[str, Any], module: str) -> str:
    """The text that a call marks, or creates an error with; empty for other calls."""
    called = names.get(function, getattr(builtins, function, None))
    if called is ValueError and module.startswith(VALIDATORS):
        return as_sentence(constant(argument, names))
    if function == MARK or is_error(called):
        return constant(argument, names)
    return ""


def constant(node: ast.expr, names: Mapping[str, Any]) -> str:
    """The text of a literal, or of a constant of the module; empty for texts from elsewhere.

    Raises:
        TypeError: It is put together of parts.
    """
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.Name) and isinstance(names.get(node.id), str):
        return str(names[node.id])
    if isinstance(node, ast.JoinedStr | ast.BinOp):
        raise TypeError(f"{ast.unparse(node)}: put together, so that it can't be translated")
    return ""


def is_error(found: Any) -> bool:
    """Whether a name stands for a kind of error."""
    return isinstance(found, type) and issubclass(found, MarketplaceError)
