"""Contact details in texts: all plain ones are found, and harmless texts are left alone."""

import time

import pytest

from app.core.contacts import (
    MOST_FINDINGS,
    ContactDetailsRefused,
    ContactKind,
    contact_details,
    demand_no_contact_details,
)

PHONE, EMAIL, URL = ContactKind

CONTACTS = [
    (PHONE, "Call me at {}, please.", "+49 151 23456789"),
    (PHONE, "Rufen Sie mich an: {}", "0151 23456789"),
    (PHONE, "Meine Nummer ist {}, abends.", "030 / 901820"),
    (PHONE, "Reach me on {} after six", "+44 20 7946 0958"),
    (PHONE, "Mein Telefon: {}!", "+49-30-901820"),
    (PHONE, "Appelez-moi au {} s'il vous plaît", "+33 1 42 68 53 00"),
    (PHONE, "Llámame al {}", "+34 912 345 678"),
    (PHONE, "연락처는 {} 입니다", "+82 2-312-3456"),
    (PHONE, "اتصل بي على {}", "+971 50 123 4567"),
    (PHONE, "My number is {}.", "0049 151 23456789"),
    (PHONE, "{}", "+4915123456789"),
    (EMAIL, "Write to {}.", "anna@example.com"),
    (EMAIL, "Schreib an {}, dann rufe ich zurück.", "anna.ark+putzen@mail.example.de"),
    (EMAIL, "Mail: {}", "müller@straße.example"),
    (EMAIL, "이메일 {} 로 주세요", "anna_ark@example.co.kr"),
    (EMAIL, "({})", "ANNA@EXAMPLE.COM"),
    (URL, "See {}, it has all prices.", "https://example.com/prices?area=2#top"),
    (URL, "Mehr unter {}.", "www.anna-putzt.example"),
    (URL, "My page: {}", "http://192.0.2.7/anna"),
    (URL, "Look at {}!", "anna-cleans.com"),
    (URL, "Schau auf {} vorbei", "anna-putzt.de"),
    (URL, "Text me: {}", "wa.me/4915123456789"),
    (URL, "Photos at {}.", "instagram.com/anna.cleans"),
    (URL, "{} has my calendar", "HTTPS://EXAMPLE.COM/anna"),
    (URL, "See {} for more", "bit.ly/3xYzAb"),
    (URL, "ALLES AUF {}", "ANNA-PUTZT.DE"),
    (PHONE, "1.50 m, " * 240 + "{}", "0151 23456789"),
    (PHONE, "12345 a " * 240 + "{}", "0151 23456789"),
]
"""Texts with one contact detail each: its kind, the text around it, and the contact detail."""

HARMLESS = [
    "Is there a lift, and does it reach the 4th floor?",
    "The flat has 85 m² and 3 rooms; is 49.90 EUR really for all of it?",
    "Can you come on 2030-05-17 at 09:00, or on 18.05.2030?",
    "Between 10:00 and 14:30, or 16:00-18:00?",
    "Is the price 1.250,00 EUR or 1,250.00?",
    "We have 12 windows (1.20 x 1.40 m) and 2 doors, 0.9 x 2.1 m.",
    "House 120, entrance 3, floor 2: is there parking?",
    "The postcode is 10115, isn't it?",
    "I offered 80.00 and then 75.50: which one counts?",
    "Is it open 24/7? We need it on 24.12. and 31.12.",
    "Job number 0192-0007: is it the same flat as 0192-0008?",
    "Kitchen/bathroom, or also the stairs and/or the cellar?",
    "Bring ca. 5-10 l of cleaner, e.g. vinegar etc.",
    "Gibt es Haustiere? Ich habe eine Allergie.Bitte vorher sagen.",
    "Die Wohnung hat ca. 120 qm, d.h. 4 Zi. u. Bad/WC.",
    "Sind 3 Std. genug? 2023 hatte ich 5 Std., 2024 nur 4.",
    "Wie viele Fenster sind es: 10, 12 oder 14?",
    "Um 8 Uhr o. 9.30 Uhr? z.B. am Mo.",
    "¿La cocina tiene 2 hornos? ¿Cuánto miden, 60 x 60 cm?",
    "Le prix est de 1 200 € pour 150 m², n'est-ce pas ?",
    "Faut-il nettoyer les vitres au 2e étage (n° 14) ?",
    "청소는 2시간이면 충분한가요? 창문은 12개입니다.",
    "5월 17일 오전 9시, 30평 아파트 맞나요?",
    "هل يوجد مصعد؟ الشقة 120 متر و 3 غرف.",
    "الموعد 17/05/2030 الساعة 9:30 صباحا؟",
    "Meet @ the front door, 9 a.m.?",
    "My rating is 4.95 out of 1200 evaluations, version 2.0.1 of my price list.",
    "Filter type 3M-6502, size M, and bags no. 6.904-322.0: do you have them?",
    "Each of the 100,000 tiles, or the 2,500 in the hall?",
    "Vacuum cleaner with 1800 W / 230 V / 50 Hz: is there a socket?",
    "Wi-Fi isn't needed.The key is under the mat?Or not?",
    "Room 1 2 3 4 5 6 7 8 9 or only 10 11 12?",
    "Geht es am 09.09.2030 von 09.30 - 11.45 Uhr?",
    "Vom 09.09. bis 17.09., oder 09.09.-17.09.2030?",
    "Passt 09-09-2030, 09.30-17.15?",
    "C'est propre.De plus, il y a un ascenseur.",
]
"""Texts without contact details."""

LARGEST = 2000
"""The number of characters of the longest text."""
COSTLY = [
    "a" * LARGEST,
    "a@" * (LARGEST // 2),
    "a." * (LARGEST // 2),
    "a.a@" * (LARGEST // 4),
    "a-" * (LARGEST // 2),
    "1" * LARGEST,
    "1 " * (LARGEST // 2),
    "1.1-" * (LARGEST // 4),
    "+1" * (LARGEST // 2),
    "+49 151 23456789 " * (LARGEST // 17),
    "030 1234567/" * (LARGEST // 12),
    "(1" * (LARGEST // 2),
    "www." * (LARGEST // 4),
    "http://" * (LARGEST // 7),
    "é@" * (LARGEST // 2),
    "12-34-56-78-90 x" * (LARGEST // 16),
    "1a " * (LARGEST // 3),
    "123456 a " * (LARGEST // 9),
    "09.09.2030 " * (LARGEST // 11),
]
LONGEST = 0.05  # seconds of the processor's time


class TestATextWithAContactDetail:
    @pytest.mark.parametrize(("kind", "around", "contact"), CONTACTS)
    def test_shows_its_place(self, kind: ContactKind, around: str, contact: str) -> None:
        text = around.format(contact)
        (found,) = contact_details(text, "DE")
        assert (found.kind, text[found.start : found.end]) == (kind, contact)

    def test_shows_all_of_them_in_order(self) -> None:
        text = "anna@example.com, www.example.com or +49 30 901820"
        found = contact_details(text, "DE")
        assert [detail.kind for detail in found] == [EMAIL, URL, PHONE]

    def test_shows_only_some_of_many(self) -> None:
        assert len(contact_details("a@example.com " * 100, "DE")) == MOST_FINDINGS

    def test_is_refused(self) -> None:
        with pytest.raises(ContactDetailsRefused) as caught:
            demand_no_contact_details("text", "Write to anna@example.com", "DE")
        (error,) = caught.value.errors()
        assert (error["field"], error["code"]) == ("text", "email_address")
        assert (error["start"], error["end"]) == (9, 25)


class TestAHarmlessText:
    @pytest.mark.parametrize("text", HARMLESS)
    def test_has_none(self, text: str) -> None:
        assert contact_details(text, "DE") == []
        demand_no_contact_details("text", text, "DE")


class TestANumberWithoutItsCountryCode:
    @pytest.mark.parametrize(
        ("region", "text"),
        [("DE", "0151 23456789"), ("US", "(212) 736-5000"), ("KR", "02-312-3456")],
    )
    def test_is_that_of_the_country_of_the_market(self, region: str, text: str) -> None:
        assert [detail.kind for detail in contact_details(text, region)] == [PHONE]
        assert contact_details(text, "ZZ") == []


class TestTheCost:
    @pytest.mark.parametrize("text", COSTLY, ids=range(len(COSTLY)))
    def test_is_bounded(self, text: str) -> None:
        contact_details("+49 151 23456789", "DE")  # loads the numbering plans
        costs = []
        for _ in range(3):  # a collection of garbage or another virtual machine adds to some
            begun = time.thread_time()
            contact_details(text, "DE")
            costs.append(time.thread_time() - begun)
        assert min(costs) < LONGEST
