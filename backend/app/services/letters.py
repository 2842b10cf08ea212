"""Letters: mails in the language of their recipient, as text and as HTML."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import fill
from typing import NamedTuple, Self
from unicodedata import bidirectional
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from app.core.catalogues import N_, catalogue_of, direction, spoken
from app.core.config import Colour, Settings
from app.core.formats import Formats
from app.core.mail import Mail

WIDTH = 76
"""The characters of a line of text, with room for the sign of a reply (RFC 5322, 2.1.1)."""
ISOLATE, POP = "\u2068", "\u2069"
"""The signs around a text whose direction is its own (Unicode Standard Annex 9, 2.5)."""


class Accent(NamedTuple):
    """A colour of the market in the light and the dark scheme: mail has no custom properties."""

    light: str
    dark: str


ACCENTS: Mapping[Colour, Accent] = {
    "teal": Accent("#006b61", "#73d1c4"),
    "green": Accent("#296a3b", "#8ed09c"),
    "blue": Accent("#255b9c", "#88c1ff"),
    "violet": Accent("#61489b", "#c4acff"),
    "pink": Accent("#8e3665", "#fc9ac9"),
    "brown": Accent("#814c24", "#ebaf86"),
}


class Hyperlink(NamedTuple):
    """A link.

    Args:
        label: Its text.
        url: Its URL.
    """

    label: str
    url: str

    @property
    def code(self) -> str:
        """The token in the URL, for browsers without scripts; empty if there is none."""
        return self.url.partition("#token=")[2]


class Note(NamedTuple):
    """A closing paragraph.

    Args:
        text: The text.
        url: The URL that it ends with, if any.
    """

    text: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """The content of a letter, in its order.

    Args:
        subject: The subject, which is also the heading.
        paragraphs: The text.
        facts: Values by their labels.
        items: Sentences, each with the page of its subject.
        action: The main link.
        notes: Closing paragraphs.
        footer: Links below the letter, besides that of the imprint.
    """

    subject: str
    paragraphs: Sequence[str] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    items: Sequence[Hyperlink] = ()
    action: Hyperlink | None = None
    notes: Sequence[Note] = ()
    footer: Sequence[Hyperlink] = ()


class Texts(NamedTuple):
    """The texts of a letter in the source, marked by `N_`.

    Paragraphs and notes may have placeholders; `{username}` and `{market}` are always known.

    Args:
        subject: The subject.
        paragraphs: The text.
        facts: The names of values by their labels.
        action: The label of the main link; empty if there is none.
        notes: Closing paragraphs.
    """

    subject: str
    paragraphs: Sequence[str]
    facts: Mapping[str, str] = {}
    action: str = ""
    notes: Sequence[str] = ()


class Letterhead(NamedTuple):
    """The market as its letters show it.

    Args:
        market: Its name.
        colour: Its colour.
        public_url: The base URL of links.
        has_imprint: Whether it has an imprint.
        zone: Its time zone.
        currency: Its currency.
        language: Its language, for recipients who have not chosen one.
    """

    market: str
    colour: Colour
    public_url: str
    has_imprint: bool
    zone: ZoneInfo
    currency: str
    language: str

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """The letterhead of the settings."""
        return cls(
            market=settings.market_name,
            colour=settings.market_colour,
            public_url=settings.public_url.rstrip("/"),
            has_imprint=settings.imprint_file is not None,
            zone=ZoneInfo(settings.time_zone),
            currency=settings.currency,
            language=settings.language,
        )

    def writer(self, recipient: str, username: str, language: str | None) -> "LetterWriter":
        """Writes a letter.

        Args:
            recipient: The address.
            username: The username of the recipient.
            language: The language that the recipient has chosen, if any.
        """
        return LetterWriter(self, recipient, username, spoken(language, self.language))


class LetterWriter:
    """Writes a letter to one recipient.

    Args:
        letterhead: The market.
        recipient: The address.
        username: The username in the salutation.
        language: The language, one of `LANGUAGES`.
    """

    def __init__(
        self, letterhead: Letterhead, recipient: str, username: str, language: str
    ) -> None:
        self.letterhead, self._recipient, self._language = letterhead, recipient, language
        self._username = username
        self.gettext = catalogue_of(language).gettext
        self.ngettext = catalogue_of(language).ngettext
        self.formats = Formats(language, letterhead.zone, letterhead.currency)

    def text(self, source: str, **values: str) -> str:
        """A text in the language of the letter.

        Args:
            source: The text in the source, marked by `N_`.
            values: The values of its placeholders.
        """
        return self.gettext(source).format(
            **{name: self.isolated(value) for name, value in values.items()}
        )

    def isolated(self, value: str) -> str:
        """A value from elsewhere, for a text of the letter.

        Plain text has no markup for directions: without the signs, punctuation beside a username
        in an Arabic sentence, or beside an Arabic name in another one, is shown at the wrong end.
        Other values stay as they are, since old mail programs show the signs as boxes.
        """
        is_mixed = direction(self._language) == "rtl" or _is_right_to_left(value)
        return f"{ISOLATE}{value}{POP}" if is_mixed else value

    def letter(self, texts: Texts, *notes: Note, url: str = "", **values: str) -> Letter:
        """A letter of texts.

        Args:
            texts: The texts.
            notes: Closing paragraphs behind those of the texts.
            url: The URL of the main link.
            values: The values of the placeholders and of the facts.
        """
        known = {"username": self._username, "market": self.letterhead.market}
        values = known | values
        return Letter(
            self.text(texts.subject),
            [self.text(it, **values) for it in texts.paragraphs],
            {self.text(label): values[name] for label, name in texts.facts.items()},
            action=Hyperlink(self.text(texts.action), url) if texts.action else None,
            notes=[*(Note(self.text(it, **values)) for it in texts.notes), *notes],
        )

    def mail(self, letter: Letter, headers: Mapping[str, str] | None = None) -> Mail:
        """The mail of a letter.

        Args:
            letter: The content, in the language of the letter.
            headers: Header fields besides `Content-Language` (RFC 3282).
        """
        head = self.letterhead
        imprint = Hyperlink(self.text(N_("Imprint")), f"{head.public_url}/imprint")
        variables = {
            "letter": letter,
            "facts": {label: self.isolated(value) for label, value in letter.facts.items()},
            "salutation": self.text(N_("Hello {username},"), username=self._username),
            "asked_for_code": self.text(N_("If the page asks for a code, enter this one:")),
            "labelled": self.labelled,
            "market": head.market,
            "footer": [*letter.footer, *([imprint] if head.has_imprint else [])],
            "accent": ACCENTS[head.colour],
            "language": self._language,
            "direction": direction(self._language),
        }
        return Mail(
            self._recipient,
            letter.subject,
            TEMPLATES.get_template("letter.txt").render(variables),
            TEMPLATES.get_template("letter.html").render(variables),
            {"Content-Language": self._language, **(headers or {})},
        )

    def labelled(self, label: str, value: str) -> str:
        """A value behind its label."""
        return self.gettext(N_("{label}: {value}")).format(label=label, value=value)


def _is_right_to_left(text: str) -> bool:
    """Whether a text has characters of scripts that run from right to left."""
    return any(bidirectional(character) in {"R", "AL"} for character in text)


def _wrapped(text: str, indent: str = "") -> str:
    """A text in lines of at most `WIDTH` characters; words that are longer stay whole."""
    return fill(
        text,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
    auto_reload=False,
)
TEMPLATES.filters["wrapped"] = _wrapped
