"""The packages and the jobs of the demo market: name, description and category."""

PACKAGES = (
    ("Windows of a flat", "Up to ten windows with frames, inside and outside.", "home-windows"),
    (
        "Oven like new",
        "The oven, its trays and its door, with products that don't smell.",
        "oven-cleaning",
    ),
    (
        "Two hours every week",
        "The same cleaner each time: kitchen, bathroom, floors.",
        "regular-cleaning",
    ),
    (
        "Handover of a flat",
        "Empty rooms up to 70 square metres, ready for the landlord.",
        "moving-out",
    ),
    (
        "Holiday flat between guests",
        "Beds, bathroom, kitchen and a look into every drawer.",
        "guest-changeover",
    ),
    (
        "Carpets, up to 30 square metres",
        "Washed with a machine; dry after four hours.",
        "carpet-cleaning",
    ),
    ("After the builders", "Fine dust, splashes of paint and the first shine.", "after-renovation"),
    (
        "Small office, one evening",
        "Desks, floors, kitchen and bins, after seven.",
        "office-cleaning",
    ),
)

TASKS = {
    "dust_up": (
        (
            "Dust the bookshelves",
            "About two thousand books, three walls, one ladder.",
            "regular-cleaning",
        ),
        ("Dust and air the guest room", "Nobody has slept there since spring.", "regular-cleaning"),
        (
            "Wipe lamps and picture frames",
            "High ceilings; some of the frames are old.",
            "deep-cleaning",
        ),
        ("Dust a small office", "Four desks, four screens, a lot of cables.", "office-cleaning"),
        (
            "Dust the model railway",
            "With a soft brush, please, and steady hands.",
            "special-cleaning",
        ),
        (
            "Dust blinds and window sills",
            "Eleven windows with wooden blinds.",
            "blinds-and-shutters",
        ),
        ("Freshen up the living room", "Surfaces, skirting boards and the piano.", "home-cleaning"),
        ("Dust the stairwell", "Four floors of banisters and letter boxes.", "stairwell-cleaning"),
    ),
    "spot_clean": (
        ("Scrub the oven", "Two trays, one door, many Sunday roasts.", "oven-cleaning"),
        (
            "Get red wine out of a carpet",
            "It happened last night; I have put salt on it.",
            "carpet-cleaning",
        ),
        (
            "Descale the bathroom",
            "Shower screen, taps and tiles. The water here is hard.",
            "bathroom-cleaning",
        ),
        (
            "Clean the fridge and the freezer",
            "It is empty and switched off already.",
            "fridge-cleaning",
        ),
        ("Clean the balcony", "Pigeons had it for themselves all winter.", "terrace-cleaning"),
        (
            "Wash the kitchen cupboards",
            "Outside and inside, above the stove most of all.",
            "kitchen-cleaning",
        ),
        ("Clean a car inside", "An estate car, used by a dog who loves the lake.", "car-cleaning"),
        (
            "Clean the windows",
            "Nine windows, two of them can only be reached from inside.",
            "home-windows",
        ),
    ),
    "full_clean": (
        ("Whole flat, top to bottom", "Two rooms, kitchen and bathroom.", "deep-cleaning"),
        (
            "Clean a flat for handover",
            "The landlord is strict about the oven and the blinds.",
            "moving-out",
        ),
        ("Family house, thoroughly", "Five rooms, two bathrooms, wooden floors.", "deep-cleaning"),
        (
            "Clean up after the painters",
            "Fine white dust on everything, and some splashes.",
            "after-renovation",
        ),
        (
            "Holiday flat between two guests",
            "Three hours between check-out and check-in.",
            "guest-changeover",
        ),
        (
            "Doctor's practice, whole floor",
            "After seven in the evening, when all have left.",
            "medical-practice-cleaning",
        ),
        ("Clean a studio after a move", "Empty rooms, the kitchen needs it most.", "moving-out"),
        ("Spring clean of a farmhouse", "All floors, all windows, and the porch.", "deep-cleaning"),
    ),
}

GERMAN_TASKS = {
    "dust_up": (
        (
            "Bücherregale abstauben",
            "Zweitausend Bücher an drei Wänden, eine Leiter ist da.",
            "regular-cleaning",
        ),
        ("Büro abstauben", "Vier Schreibtische, vier Bildschirme, viele Kabel.", "office-cleaning"),
    ),
    "spot_clean": (
        ("Backofen reinigen", "Zwei Bleche, eine Tür, viele Sonntagsbraten.", "oven-cleaning"),
        (
            "Küchenschränke auswischen",
            "Außen und innen, vor allem über dem Herd.",
            "kitchen-cleaning",
        ),
        (
            "Fenster putzen",
            "Neun Fenster zur Straße, zwei nur von innen erreichbar.",
            "home-windows",
        ),
    ),
    "full_clean": (
        ("Wohnung gründlich putzen", "Zwei Zimmer, Küche und Bad.", "deep-cleaning"),
        (
            "Endreinigung vor der Übergabe",
            "Der Vermieter achtet auf Backofen und Jalousien.",
            "moving-out",
        ),
    ),
}
"""Tasks of jobs in German."""
