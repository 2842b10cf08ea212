"""Icons of the pages, on a grid of 24 by 24 units."""

from markupsafe import Markup

PATHS = {
    "broom": (
        '<path d="M16.5 3 11.5 12M7.5 10.8l8 4.6c.8 3-.6 5.6-2.2 7L4 17c1.8-1 3.2-3.3 3.5-6.2Z'
        'M6.7 19 8 16.7M9.7 20.8l1.2-2.1"/>'
    ),
    "search": '<circle cx="11" cy="11" r="6.5"/><path d="m16 16 4.5 4.5"/>',
    "pin": (
        '<path d="M12 21s-6.5-5.6-6.5-11a6.5 6.5 0 0 1 13 0c0 5.4-6.5 11-6.5 11Z"/><circle '
        'cx="12" cy="10" r="2.3"/>'
    ),
    "clock": '<circle cx="12" cy="12" r="8.5"/><path d="M12 7.5V12l3 2"/>',
    "calendar": (
        '<rect x="4" y="5.5" width="16" height="14.5" rx="3"/><path d="M4 10h16M8.5 '
        '3.5v4M15.5 3.5v4"/>'
    ),
    "picture": (
        '<rect x="3.5" y="5" width="17" height="14" rx="3"/><circle cx="8.5" cy="10" '
        'r="1.6"/><path d="m4 17 5-4.5 3.5 3 3-2.5 5 4"/>'
    ),
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "check": '<path d="m5 12.5 4.5 4.5L19 7.5"/>',
    "cross": '<path d="m6 6 12 12M18 6 6 18"/>',
    "back": '<path d="M19 12H5m6-6-6 6 6 6"/>',
    "forth": '<path d="M5 12h14m-6-6 6 6-6 6"/>',
    "sliders": (
        '<path d="M4 7h9M17 7h3M4 17h3M11 17h9"/><circle cx="15" cy="7" r="2"/><circle '
        'cx="9" cy="17" r="2"/>'
    ),
    "bell": (
        '<path d="M6.5 10a5.5 5.5 0 0 1 11 0c0 4.5 1.8 6 1.8 6H4.7s1.8-1.5 1.8-6ZM10 '
        '19.5a2.2 2.2 0 0 0 4 0"/>'
    ),
    "bag": (
        '<rect x="3.5" y="7.5" width="17" height="12" rx="3"/><path d="M8.5 7.5V6a2 2 0 0 1 '
        '2-2h3a2 2 0 0 1 2 2v1.5M3.5 12.5h17"/>'
    ),
    "chat": (
        '<path d="M4 6.5A2.5 2.5 0 0 1 6.5 4h11A2.5 2.5 0 0 1 20 6.5v7a2.5 2.5 0 0 1-2.5 '
        '2.5H11l-4.5 4v-4A2.5 2.5 0 0 1 4 13.5Z"/>'
    ),
    "lock": (
        '<rect x="5" y="10.5" width="14" height="9.5" rx="2.5"/><path d="M8.5 10.5V8a3.5 3.5 '
        '0 0 1 7 0v2.5"/>'
    ),
    "alert": '<path d="M12 4 2.8 19.5h18.4Z"/><path d="M12 10v4M12 16.8v.2"/>',
    "grid": (
        '<rect x="4.5" y="4.5" width="6" height="6" rx="1.8"/><rect x="13.5" y="4.5" '
        'width="6" height="6" rx="1.8"/><rect x="4.5" y="13.5" width="6" height="6" '
        'rx="1.8"/><rect x="13.5" y="13.5" width="6" height="6" rx="1.8"/>'
    ),
    "home": '<path d="M4 11.5 12 4.5l8 7M6 10v9.5h12V10"/>',
    "person": (
        '<circle cx="12" cy="8" r="3.8"/><path d="M4.5 20c1-4 4-5.8 7.5-5.8s6.5 1.8 7.5 5.8"/>'
    ),
    "dust_up": (
        '<path d="m4 20 5.8-5.8"/><path d="M9.8 14.2C7 11.5 6.8 7 10 4.8c1.8-1.3 4-1.1 5.2.1 '
        '2-.5 4 1.1 4.1 3.2 1.2 1.3 1.2 3.6-.2 5.2-2.4 2.9-6.6 3.4-9.3.9Z"/><path d="m9.8 '
        '14.2 4.7-5M13.3 15.5l3.6-3.3M8.9 11l2.7-3.3"/>'
    ),
    "spot_clean": (
        '<path d="M8.5 9.5h6l1.3 3.2V18a2.5 2.5 0 0 1-2.5 2.5h-3.6A2.5 2.5 0 0 1 7.2 '
        '18v-5.3Z"/><path d="M9.5 9.5V6h5.5l2 2M9.5 6l-2 1.5M12 6V4h3"/><path d="M19.5 '
        '5v.1M21.5 3.5v.1M21.5 6.5v.1M21.5 9.2v.1"/>'
    ),
    "full_clean": (
        '<path d="M3.5 11.5 11 5l7.5 6.5M5.5 10v9.5h11V10"/><path d="M9 19.5V15a2 2 0 0 1 4 '
        '0v4.5"/><path d="M20 3.5v4M18 5.5h4"/>'
    ),
    "star": (
        '<path d="m12 3.2 2.7 5.6 6.1.8-4.5 4.3 1.1 6.1L12 17.1 6.6 20l1.1-6.1L3.2 9.6l6.1-.8Z"/>'
    ),
    "key": '<circle cx="8" cy="15" r="4"/><path d="m11 12 8.5-8.5M16 7.5l3 3M13.5 10l2 2"/>',
    "shield": (
        '<path d="M12 3.5 5 6v5.5c0 4.5 3 7.5 7 9 4-1.5 7-4.5 7-9V6Z"/><path d="m9 12 2.2 '
        '2.2L15.2 10"/>'
    ),
    "mail": '<rect x="3.5" y="5.5" width="17" height="13" rx="3"/><path d="m4.5 7.5 7.5 6 7.5-6"/>',
    "phone": (
        '<path d="M6.5 3.5h3l1.5 4.5-2 1.5a11 11 0 0 0 5.5 5.5l1.5-2 4.5 1.5v3a2.5 2.5 0 0 '
        '1-2.5 2.5C10.5 20 4 13.5 4 6a2.5 2.5 0 0 1 2.5-2.5Z"/>'
    ),
    "box": '<path d="M4 8.5 12 4l8 4.5v7L12 20l-8-4.5Z"/><path d="M4 8.5 12 13l8-4.5M12 13v7"/>',
    "basket": (
        '<path d="M4 9.5h16l-1.5 8.5a2 2 0 0 1-2 1.5h-9a2 2 0 0 1-2-1.5Z"/><path d="m8.5 9.5 '
        '2.5-6M15.5 9.5l-2.5-6"/>'
    ),
    "list": '<path d="M9 6.5h11M9 12h11M9 17.5h11M4.5 6.5h.1M4.5 12h.1M4.5 17.5h.1"/>',
    "eye": (
        '<path d="M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12Z"/>'
        '<circle cx="12" cy="12" r="2.8"/>'
    ),
    "hide": (
        '<path d="M4 4l16 16M9.5 5.9A9 9 0 0 1 12 5.5c6 0 9.5 6.5 9.5 6.5a17 17 0 0 1-2.8 '
        "3.5M6 7.7A16.5 16.5 0 0 0 2.5 12S6 18.5 12 18.5a9 9 0 0 0 4-.9M10 10a2.8 2.8 0 0 0 "
        '4 4"/>'
    ),
    "chart": '<path d="M4.5 19.5h15M7 16v-4M12 16V6.5M17 16v-7"/>',
    "people": (
        '<circle cx="9" cy="8.5" r="3.3"/><path d="M3 19c.8-3.5 3.2-5 6-5s5.2 1.5 6 5M15.5 '
        '5.5a3.3 3.3 0 0 1 0 6M17 14.3c2 .6 3.4 2.2 4 4.7"/>'
    ),
    "globe": (
        '<circle cx="12" cy="12" r="8.5"/><path d="M3.5 12h17M12 3.5c2.5 2.5 3.5 5.3 3.5 '
        '8.5s-1 6-3.5 8.5c-2.5-2.5-3.5-5.3-3.5-8.5s1-6 3.5-8.5Z"/>'
    ),
    "print": (
        '<path d="M7 9V4h10v5M7 17H5a1.5 1.5 0 0 1-1.5-1.5v-5A1.5 1.5 0 0 1 5 9h14a1.5 1.5 0 '
        '0 1 1.5 1.5v5A1.5 1.5 0 0 1 19 17h-2"/><path d="M7 14h10v6H7Z"/>'
    ),
    "camera": (
        '<path d="M4 8.5A1.5 1.5 0 0 1 5.5 7H8l1.5-2.5h5L16 7h2.5A1.5 1.5 0 0 1 20 8.5v9a1.5 '
        '1.5 0 0 1-1.5 1.5h-13A1.5 1.5 0 0 1 4 17.5Z"/><circle cx="12" cy="12.8" r="3.5"/>'
    ),
    "edit": '<path d="M4 20h4L19 9l-4-4L4 16Z"/><path d="m13 7 4 4"/>',
    "trash": '<path d="M4.5 7h15M9.5 7V4.5h5V7M6.5 7l1 13h9l1-13M10 11v5.5M14 11v5.5"/>',
    "menu": '<path d="M4 7h16M4 12h16M4 17h16"/>',
    "flag": '<path d="M5.5 21V4M5.5 5c4-2.5 8 2.5 13 0v9c-5 2.5-9-2.5-13 0"/>',
}
MIRRORED = {"back", "forth"}
"""Icons that point in the direction of reading, which is mirrored where it is right to left."""


def _drawn(name: str) -> Markup:
    kind = "icon mirrored" if name in MIRRORED else "icon"
    return Markup(  # noqa: S704 (of constants only)
        f'<svg class="{kind}" viewBox="0 0 24 24" aria-hidden="true">{PATHS[name]}</svg>'
    )


ICONS = {name: _drawn(name) for name in PATHS}
"""The icons as HTML, by their names."""
