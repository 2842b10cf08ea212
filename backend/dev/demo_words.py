"""The texts of the demo market."""

FIRST_NAMES = """
    Ada Akira Amina Anton Beata Bilal Björk Carla Chidi Clara Dario Dilan Edith Elif Emil Enzo
    Esther Fatou Felix Freya Gita Goran Hanna Hugo Ines Ismail Jonas Julia Kaya Kofi Lars Leila
    Lena Lucia Malik Marta Mei Mila Nadia Nils Noor Olga Omar Paolo Petra Ravi Rosa Samir Selma
    Simon Sofia Tariq Tessa Tomas Ulla Vera Viktor Yara Yusuf Zoe
""".split()  # noqa: SIM905 (as lists they would take 120 lines)

LAST_NAMES = """
    Abara Adler Almeida Bakker Baumann Berger Brandt Castro Costa Dahl Demir Duarte Eklund Fischer
    Fontana Garcia Greco Haddad Hansen Horvat Ibsen Jansen Kaplan Keller Khan Kovac Lang Lindt
    Lopez Maier Marino Mensah Moreau Nagy Novak Okafor Olsen Park Peeters Petrov Quist Rahman
    Reis Ricci Roth Sato Schmid Silva Sousa Stern Svensson Takeda Toth Vogel Weber Winter Yilmaz
""".split()  # noqa: SIM905 (as lists they would take 120 lines)

AREAS = (
    "Old Town",
    "Harbour",
    "Station Quarter",
    "Mill Hill",
    "Riverside",
    "Northgate",
    "University",
    "Garden Suburb",
)

STREETS = (
    "Mill Lane",
    "Lime Tree Avenue",
    "Market Square",
    "Potters Row",
    "Canal Street",
    "Chapel Hill",
    "Orchard Road",
    "Lighthouse Steps",
)

CUSTOMER_BIOS = (
    "Two children, one dog and never enough Saturdays.",
    "I work nights and would rather not vacuum by day.",
    "Landlady of three flats, always between two tenants.",
    "We run a small bakery; flour gets everywhere.",
    "Retired teacher with a house that has grown too large.",
    "New in town, still living between boxes.",
    "I play the drums. My neighbours deserve a clean stairwell at least.",
)

CLEANER_BIOS = (
    "Ten years in hotels: I make a bed faster than you can boil an egg.",
    "Windows are my joy. I bring my own ladder.",
    "I clean without scented products and love difficult kitchens.",
    "Student of chemistry. Limescale does not stand a chance.",
    "Two of us, one van, all the machines you can think of.",
    "Careful with antiques, patient with cats.",
    "I come by bicycle, on time, also on Sundays.",
    "After twenty years in a hospital kitchen, I know what clean means.",
)

OCCASIONS = (
    "",
    "",
    "",
    ", before a party",
    ", this week if possible",
    ", every other Friday",
    ", flexible hours",
)

DETAILS = (
    "There is a friendly cat.",
    "Second floor, no lift.",
    "The neighbour has the key.",
    "All you need is in the hall cupboard.",
    "Please bring your own products.",
    "I am at home and will make coffee.",
    "Parking is right in front of the door.",
    "The vacuum cleaner is new and good.",
    "No scented products, please: one of us is allergic.",
    "The children will be at school.",
)

SECOND_THOUGHTS = (
    "The hallway as well, please.",
    "It turns out to be a little more than I thought.",
    "I have bought the products that are needed.",
    "The day can be moved if need be.",
)

QUESTIONS = (
    ("Is there a lift?", "Yes, a small one. A vacuum cleaner fits in."),
    ("How many square metres is it in all?", "About 70, half of it wooden floor."),
    ("Can I park in front of the house?", "Until ten in the morning, and again from six."),
    ("Shall I bring my own products?", "Only what you like best; the rest is here."),
    ("Are there animals? I am allergic to cats.", "One cat, but she stays with my sister."),
    ("Would the day before do as well?", "It would, from noon on."),
)

PACKAGE_QUESTIONS = (
    ("Is a second bathroom included?", "It is, as long as the time allows."),
    ("Do you bring a ladder?", "A folding one, up to three metres."),
    ("Can you come on a Sunday?", "From ten o'clock on, gladly."),
    ("Are your products free of scent?", "All of them."),
)

THANKS = (
    "Thank you, that helps.",
    "Good to know. I will make an offer.",
    "And is the water on the same floor?",
)

MESSAGES = (
    ("Who lets me in?", "I am there myself until nine."),
    ("Is there anything that I must not move?", "The clock on the shelf, please."),
    ("Where do I find the meter for the water?", "Behind the door of the cellar, on the left."),
    ("Would half an hour later be all right?", "It would. I work from home on that day."),
    ("Shall I take the empty bottles along?", "That would be kind, but you need not."),
)

LAST_MESSAGES = (
    "Thank you. See you then!",
    "Noted. I look forward to it.",
    "All clear. Until then.",
)

COMPLAINTS = (
    "The same job was posted twice this week, under another name.",
    "The description says one room, the photos show four.",
)

NOTICES = (
    "The price is below the wage that the law demands.",
    "The photos show my flat, and I have not agreed to that.",
)

OFFER_MESSAGES = (
    "I live round the corner and could come any morning.",
    "I have done a dozen of these. Shall I bring my own tools?",
    "For that price I also do the doors.",
    "Could we agree on the afternoon?",
    "Give me three hours and you won't know it again.",
    "Happy to help. References on request.",
    "I would come with a colleague, then it takes half the time.",
    None,
)

RENEWAL_MESSAGES = (
    "Still glad to do it.",
    "With the change it is a little more work, but fine.",
    "My offer stands.",
)

CALLED_OFF = (
    "My van has broken down.",
    "I have caught a cold and don't want to bring it to you.",
    "A pipe burst at home, I am sorry.",
)

CANCELLED = (
    "We are moving sooner than planned.",
    "My sister offered to do it.",
    "The stain came out by itself.",
    None,
)

PRAISE = (
    ("Spotless", "I found nothing to complain about, and I did look."),
    ("Quick and kind", "On time, friendly, and the place smells of nothing but air."),
    ("Like new", "I had forgotten what colour the tiles are."),
    ("Would book again", "Careful with everything, even behind the radiators."),
)

FAIR = (
    ("Good enough", "The big things were done well, the corners less so."),
    ("Fine", "Took longer than agreed, but the result is all right."),
    ("Mostly clean", "The windows have streaks. The rest is good."),
)

BLAME = (
    ("Disappointing", "Half of what we agreed on was not done."),
    ("Not again", "Came late, left early, and broke a vase."),
)

MISSED = (
    ("Nobody came", "I waited all morning. No call, no message."),
    ("Left me waiting", "I took a day off for this."),
)

OF_OWNERS = {
    5: (("A pleasure", "Coffee, cake, and everything as described."), ("Lovely people", None)),
    4: (("Good customer", "Clear instructions and paid at once."),),
    3: (("All right", "It was more work than the description said."),),
    2: (("Difficult", "The list grew longer by the hour."),),
}
