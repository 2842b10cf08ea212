"""The stream, as the tests that hold for all features see it."""

from tests.features import Damage, Feature

FEATURE = Feature(
    load="""
INSERT INTO stream (position, event_id)
SELECT row_number() OVER (ORDER BY id), id FROM events;

INSERT INTO heads (name, position)
SELECT name, count(*) FROM events, (VALUES ('standing'), ('stream')) names (name) GROUP BY name;
""",
    damages={
        "stream_dense": Damage(
            "",
            "WITH taken AS (DELETE FROM outbox RETURNING event_id)"
            " INSERT INTO stream SELECT 1 + row_number() OVER (), event_id FROM taken;"
            "INSERT INTO heads SELECT 'stream', max(position) FROM stream",
        ),
        "stream_heads": Damage("", "INSERT INTO heads VALUES ('stream', 7)"),
        "stream_complete": Damage("", "DELETE FROM outbox"),
        "stream_events": Damage("", "INSERT INTO outbox VALUES (gen_random_uuid())"),
    },
)
