"""Packages, as the tests that hold for all features see them."""

from app.db.models.states.packages import PackageStatus
from tests.factories.categories import make_category
from tests.factories.packages import make_package
from tests.factories.users import Actor, Market
from tests.features import Damage, Feature, Stateful
from tests.stories import numbers

DRAFTED = "staff make_category, owner make_package"
PUBLISHED = f"{DRAFTED}, owner publish_package"
EDITED = f"{PUBLISHED}, owner edit_package, owner edit_package"
SELLER_GONE = f"{EDITED}, owner delete_user"
EARLIER = {
    "name": "Canary package of before",
    "description": "Canary content of before",
    "price": "4321.98",
    "currency": "NOK",
    "duration": 77,
    "area": "Canary district of before",
    "category": "cellars",
    "stock": 417,
}
TERMS = {
    "name": "Canary package",
    "description": "Canary content",
    "price": "3456.78",
    "currency": "DKK",
    "duration": 78,
    "area": "Canary district",
    "category": "garages",
}


async def leave_traces(market: Market, actor: Actor, _: Actor) -> list[str]:
    """Publishes a package, and changes all that can be changed of it."""
    for terms in (EARLIER, TERMS):
        await make_category(market, slug=terms["category"])
    package = await make_package(market, actor, **EARLIER)
    await actor.patch(package.path, TERMS)
    await actor.post(f"{package.path}/stock", {"by": 5})
    return [package.path, f"{package.path}/revisions", "/packages?q=canary"]


FEATURE = Feature(
    access="""
                          anonymous  stranger  owner  cleaner  staff  superuser  blocked  program
make_package                    401       201    201      201    201        201      401      403
browse_packages                 401       200    200      200    200        200      401      403
read_package                    401       200    200      200    200        200      401      403
edit_package                    401       403    200      403    403        403      401      403
publish_package                 401       404    200      404    404        404      401      403
pause_package                   401       403    200      403    403        403      401      403
archive_package                 401       403    200      403    403        403      401      403
restock_package                 401       403    200      403    403        403      401      403
list_package_revisions          401       200    200      200    200        200      401      403
""",
    scopes={
        "read:packages": {"browse_packages", "list_package_revisions", "read_package"},
        "write:packages": {
            *("make_package", "edit_package", "publish_package", "pause_package"),
            *("archive_package", "restock_package"),
        },
    },
    writable="""
make_package           name description price currency duration area category language stock
edit_package           name description price currency duration area category language
restock_package        by
""",
    stories={
        "make_package": "staff make_category",
        "publish_package": DRAFTED,
        **dict.fromkeys(
            (
                *("read_package", "edit_package", "pause_package", "archive_package"),
                *("restock_package", "list_package_revisions", "hide_package", "show_package"),
            ),
            PUBLISHED,
        ),
    },
    bodies={
        "make_package": lambda scene: {
            "name": "Windows of a flat",
            "price": "69.00",
            "category": scene.known["slug"],
            "stock": 10,
        },
        "edit_package": lambda _: {"description": f"Up to {next(numbers)} windows"},
        "restock_package": lambda _: {"by": 5},
    },
    learned={"make_package": ("package_id", "id")},
    states={
        "package": Stateful(
            path=lambda scene: f"/packages/{scene.known['package_id']}",
            statuses=PackageStatus,
            stories={
                "draft": DRAFTED,
                "published": PUBLISHED,
                "paused": f"{PUBLISHED}, owner pause_package",
                "archived": f"{PUBLISHED}, owner archive_package",
            },
        )
    },
    answers="""
edit_package     owner                    cleaner     rival       stranger    anonymous
draft            >draft                   404         404         404         401
published        >published               not_seller  not_seller  not_seller  401
paused           >paused                  404         404         404         401
archived         package_archived         404         404         404         401

publish_package  owner                    cleaner     rival       stranger    anonymous
draft            >published               404         404         404         401
published        package_not_publishable  not_seller  not_seller  not_seller  401
paused           >published               404         404         404         401
archived         package_not_publishable  404         404         404         401

pause_package    owner                    cleaner     rival       stranger    anonymous
draft            package_not_published    404         404         404         401
published        >paused                  not_seller  not_seller  not_seller  401
paused           package_not_published    404         404         404         401
archived         package_not_published    404         404         404         401

archive_package  owner                    cleaner     rival       stranger    anonymous
draft            >archived                404         404         404         401
published        >archived                not_seller  not_seller  not_seller  401
paused           >archived                404         404         404         401
archived         package_archived         404         404         404         401

restock_package  owner                    cleaner     rival       stranger    anonymous
draft            >draft                   404         404         404         401
published        >published               not_seller  not_seller  not_seller  401
paused           >paused                  404         404         404         401
archived         package_archived         404         404         404         401
""",
    conditional=("make_package", "edit_package"),  # some currencies take whole amounts only
    changes={
        "edit_package": ("owner", PUBLISHED),
        "publish_package": ("owner", DRAFTED),
        "pause_package": ("owner", PUBLISHED),
        "archive_package": ("owner", PUBLISHED),
    },
    load="""
INSERT INTO packages (id, seller_id, name, description, price, currency, area, area_key, category,
    status, revision, stock, offered, language, created_at, updated_at, version)
SELECT id, CASE n % 100 WHEN 0 THEN cleaner_id ELSE owner_id END,
    (ARRAY['Oven', 'Window', 'Attic'])[n % 3 + 1] || ' scrub',
    'Package number ' || n || CASE WHEN n < 10000 THEN ' before Easter' ELSE '' END,
    n % 300 + 1, CASE n % 400 WHEN 1 THEN 'CHF' ELSE 'EUR' END, 'Area ' || n % 100,
    'area ' || n % 100, 'service-' || n % 3 + 2 + (n % 1000)::boolean::int,
    (ARRAY['published', 'published', 'paused', 'archived'])[n % 4 + 1],
    1, n % 100, n % 100, 'en', now(), now(), 1
FROM jobs;

UPDATE packages SET words_revision = 1,
    search = to_tsvector('english', name || ' ' || description);

INSERT INTO package_revisions (package_id, revision, terms, editor_id, created_at)
SELECT packages.id, 1, to_jsonb(terms), seller_id, now()
FROM packages, (
    SELECT name, description, '50.00' AS price, currency, duration, area, category
    FROM packages LIMIT 1
) terms;
""",
    lists=(
        "/packages",
        "/packages?sort=oldest",
        "/packages?sort=price",
        "/packages?sort=-price",
        "/packages?cleaner=me",
        "/packages?cleaner=me&status=any",
        "/packages?cleaner=me&status=any&sort=price",
        "/packages?cleaner=star",
        "/packages?min_price=100&max_price=110&sort=price",
        "/packages?min_price=100&max_price=250",
        "/packages?min_price=102&max_price=102",
        "/packages?currency=CHF",
        "/packages?currency=CHF&sort=price",
        "/packages?area=area+13",
        "/packages?category=service-1",
        "/packages?category=service-1&sort=price",
        "/packages?q=1777&sort=newest",
        "/packages?q=scrub&sort=price",
    ),
    damages={
        "packages_states": Damage(
            PUBLISHED,
            "UPDATE packages SET status = 'paused'",
            frozenset({"categories_packages"}),
        ),
        "packages_archived": Damage(
            PUBLISHED,
            "UPDATE users SET blocked_at = now() WHERE id = '$owner_id'",
            frozenset({"categories_jobs"}),
        ),
        "packages_counted": Damage(
            DRAFTED,
            """
        CREATE TEMPORARY TABLE more ON COMMIT DROP AS
            SELECT (jsonb_populate_record(it, jsonb_build_object('id', gen_random_uuid()))).*
            FROM packages it, generate_series(1, 200);
        INSERT INTO packages SELECT * FROM more;
        INSERT INTO events (id, actor_id, subject, subject_id, kind, payload, created_at)
            SELECT gen_random_uuid(), seller_id, 'package', more.id, kind, payload,
                events.created_at
            FROM more, events WHERE subject = 'package'
        """,
            frozenset({"stream_complete"}),
        ),
        "packages_offered": Damage(
            PUBLISHED, "UPDATE packages SET stock = stock + 1, offered = offered + 1"
        ),
        "packages_words": Damage(DRAFTED, "UPDATE packages SET name = 'Window'"),
        "package_revisions_gapless": Damage(
            EDITED, "DELETE FROM package_revisions WHERE revision = 1"
        ),
        "package_revisions_differ": Damage(
            EDITED,
            "UPDATE package_revisions SET terms = first.terms FROM package_revisions first "
            "WHERE first.revision = 1",
        ),
        "package_revisions_by_seller": Damage(
            EDITED, "UPDATE package_revisions SET editor_id = '$stranger_id' WHERE revision = 2"
        ),
        "events_of_packages": Damage(
            EDITED, "DELETE FROM events WHERE kind = 'edited'", frozenset({"stream_events"})
        ),
        "packages_actors": Damage(
            PUBLISHED, "UPDATE events SET actor_id = '$cleaner_id' WHERE kind = 'published'"
        ),
    },
    leftovers=(
        (SELLER_GONE, "UPDATE packages SET name = 'Oven scrub'"),
        (SELLER_GONE, "UPDATE packages SET area = 'Old Town'"),
    ),
    traces=leave_traces,
)
