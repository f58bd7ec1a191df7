"""Sentences as residents write them, with personal data planted in them. Its lists share nothing with the program's."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import NamedTuple


def words(text: str) -> list[str]:
    """Return the words of a text."""
    return text.split()


# From memory of class registers, shop signs and rotas of East London, and not from any list that the program has.
GIVEN = words(
    """
    Abdifatah Adaeze Aderonke Agnieszka Ahmet Aisling Amarachi Andrzej Anjum Anthea Arjun Ayesha
    Barbara Beata Bernard Blessing Bogdan Brenda Carmen Catalin Cheryl Chidi Colin Cristina Danuta
    Deepa Delroy Derek Dinh Doreen Edyta Eileen Elena Emeka Ermias Esther Ewelina Fadumo Fatuma Femi
    Funmi Geoff Gianluca Gladys Grzegorz Guled Gulnar Habibur Harpreet Hüseyin Idris Ifeoma Imran
    Irena Jaspreet Joanne Jorge Kareem Katarzyna Keisha Kelechi Kofi Kwabena Leila Leroy Liban Linh
    Lorraine Magda Malcolm Małgorzata Margaret Mehwish Mirela Moira Mukhtar Mustafa Nadia Naima
    Ngozi Nkechi Norma Nuria Olumide Orla Oxana Parveen Pauline Piotr Priya Rabeya Radu Rajesh Rhys
    Ricardo Rosalind Rubina Saida Samantha Sandeep Sheila Shafiq Siobhan Stella Sunita Suresh
    Svetlana Tadeusz Tamara Temitope Thuy Tomasz Trevor Uchenna Valeria Vasile Vijay Wanjiru Winston
    Xiomara Yetunde Yolanda Yohannes Zainab Zeinab Zubair
    """
)
FAMILY = words(
    """
    Abdalla Achieng Adebayo Afolabi Agarwal Akhtar Aydin Balogun Banaszak Bhatt Boateng Brzezinski
    Campbell Cheung Clarke Constantin Costache Daley Demir Dhillon Diallo Dobrowolski Doyle
    Dumitrescu Ekwueme Ferreira Fitzgerald Gallagher Ghosh Gutierrez Hashi Hernandez Hirani Ibekwe
    Igwe Iyer Jankowski Kapoor Kaur Kiplagat Koroma Kovacs Kumar Lam Lewandowski Lynch MacDonald
    Malik Mensah Mikhailova Morrissey Mutasa Nakamura Ndlovu Nowicki O'Connell O'Donoghue Obi
    Odhiambo Ogunleye Olawale Osei Osman Owusu Ozturk Patel Pereira Petrovic Pham Quigley Qureshi
    Rashford Reynolds Rodrigues Sanchez Sesay Sharma Sithole Stanescu Szymanski Tesfaye Thapa
    Thompson Tran Uddin Vasquez Wachira Whitehead Wieczorek Wijaya Yilmaz Yusuf Zielinski Zhang
    """
)
STREETS = """
Corbel|Tansley|Hepworth|Longacre|Medlar|Alderney|Ferncroft|Bosworth|Quillan|Sandringham|St Olave's|Old Mill|Queen Anne
""".strip().split("|")
KINDS_OF_STREET = ["Road", "Street", "Close", "Avenue", "Lane", "Terrace", "Rd", "St", "Gardens", "Mews", "Walk"]
LOCALS = ["choir.sec", "r_thomas88", "bigdave", "n.okoro", "mum-of-three", "the.allotment", "x1y2", "ms.lewandowska"]
HOSTS = [
    "example.org",
    "example.co.uk",
    "gmail.com",
    "hotmail.co.uk",
    "btinternet.com",
    "outlook.com",
    "mail.example.net",
]
AREAS = [
    "E",
    "N",
    "SE",
    "SW",
    "EC",
    "WC",
    "RM",
    "IG",
    "EN",
    "M",
    "B",
    "LS",
    "G",
    "EH",
    "CF",
    "BT",
    "CR",
    "HA",
    "W",
    "NW",
]
INWARD = "ABDEFGHJLNPQRSTUWXYZ"

PLAIN = [
    "The benches by the pond are broken and nobody comes to mend them.",
    "We used to swim here every summer when the lido was open.",
    "Bins are always full by Sunday, foxes get in.",
    "Best samosas in town on a Saturday.",
    "It took 20 minutes to cross with 2 buggies and my dad's chair.",
    "Number 8 bus never comes after 9pm.",
    "In 1987 the whole terrace flooded, and again in 2016.",
    "Closed since 2019, they said two years.",
    "Please put a crossing here before someone is hurt!",
    "My grandmother planted the pear tree in the corner.",
    "Love the herons. Hate the motorbikes.",
    "The English class on Tuesdays saved me, the teacher is brilliant.",
    "Lights are out between the two bridges, 300 metres of dark.",
    "Children play football until 10 and then it's quiet.",
    "More shade, more seats, more toilets.",
    "Ramadan market was lovely, do it again.",
    "No way over for a wheelchair, the kerb is 15 cm.",
    "Only place I feel safe after dark is the library.",
    "Drains smell in hot weather. Council has been told 4 times.",
    "Rents went from £800 to £1,450.",
]
FRAMES = {
    "phone": [
        "Ring me on {} about the garden.",
        "{} is the keyholder",
        "text {}, not after 9",
        "The caretaker ({}) never answers.",
    ],
    "email": ["Write to {} if you want to help.", "{}", "my email is {}, thanks", "The choir list: {} or ask inside."],
    "postcode": [
        "I live in {} and it takes an hour.",
        "{} gets nothing, ever",
        "Everything near {} floods",
        "(we're {})",
    ],
    "nhs_number": [
        "they lost my file, NHS no {}",
        "NHS number {} and still no appointment",
        "{} is what the surgery asked me for",
    ],
    "address": [
        "I'm at {}, second door.",
        "We lived at {} until they knocked it down",
        "the hedge by {} is too high",
        "{} has a tap",
    ],
    "name": [
        "Ask {} for the key.",
        "{} runs the lunch club and she is tired.",
        "My neighbour {} fell here twice",
        "It was {} who planted the roses.",
        "The bench for {} is gone.",
        "lovely choir, thanks to {}",
        "We miss {} so much.",
        "I told {} about the glass",
        "{} and I meet here on Fridays",
        "This is where {} taught me to ride a bike.",
        "{}'s stall has the best mangoes",
        "Speak to {} at the desk",
        "my friend {} can't get her pram up",
        "- {}",
    ],
}
SPOKEN = dict(zip("0123456789", words("oh one two three four five six seven eight nine"), strict=True))


class Planted(NamedTuple):
    """A sentence, and where in it what was planted stands."""

    kind: str
    text: str
    start: int
    end: int
    disguised: bool


def plant(kind: str, draw: random.Random, half: int) -> Planted:
    """Plant one datum in a resident's sentence, one in three of the structured ones disguised.

    `half` says which of the names, streets and hosts are drawn: the rules were tuned on half 0.
    """
    datum, disguised = MAKERS[kind](draw, half)
    frame = draw.choice(FRAMES[kind])
    before, after = draw.choice(PLAIN) + " ", draw.choice([". ", ". ", "! ", "\n", "\n", " "]) + draw.choice(PLAIN)
    text = (before if draw.random() < 0.5 else "") + frame.format("\0") + (after if draw.random() < 0.5 else "")
    start = text.index("\0")
    return Planted(kind, text.replace("\0", datum), start, start + len(datum), disguised)


def _phone(draw: random.Random, half: int) -> tuple[str, bool]:
    digits = draw.choice(["07", "020", "01", "02", "+44 7", "+880 1", "+48 ", "+40 7", "0800 "])
    lengths = {"07": 9, "020": 8, "01": 9, "02": 9, "+44 7": 9, "+880 1": 9, "+48 ": 9, "+40 7": 8, "0800 ": 7}
    tail = str(draw.randrange(2, 10)) + "".join(str(draw.randrange(10)) for _ in range(lengths[digits] - 1))
    cut = draw.randrange(2, 6)
    number = digits + draw.choice(["", " "]) + tail[:cut] + draw.choice(["", " ", "-", " "]) + tail[cut:]
    return _disguise_digits(number, draw)


def _disguise_digits(number: str, draw: random.Random) -> tuple[str, bool]:
    if draw.random() > 1 / 3:
        return number, False
    bare = number.replace(" ", "").replace("-", "")
    ways: list[Callable[[], str]] = [
        lambda: " ".join(bare),
        lambda: bare.replace("0", "o"),
        lambda: "".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in number),
        lambda: "".join(chr(ord(c) - 48 + 0x9E6) if c.isdigit() else c for c in number),
        lambda: "".join(chr(ord(c) - 48 + 0x660) if c.isdigit() else c for c in number),
        lambda: "\u200b".join(number),
        lambda: number.replace(" ", "\n"),
        lambda: " ".join(SPOKEN.get(c, c) for c in bare if c != "+"),
        lambda: ".".join(bare[i : i + 2] for i in range(0, len(bare), 2)),
    ]
    return draw.choice(ways)(), True


def _email(draw: random.Random, half: int) -> tuple[str, bool]:
    mail = f"{draw.choice(LOCALS[half::2])}@{draw.choice(HOSTS[half::2])}"
    if draw.random() > 1 / 3:
        return draw.choice([mail, mail.upper(), mail.title()]), False
    ways = [
        mail.replace("@", " at ").replace(".", " dot "),
        mail.replace("@", "(at)").replace(".", "(dot)"),
        mail.replace("@", " [at] ").replace(".", " [dot] "),
        mail.replace("@", " @ "),
        mail.replace("@", "＠").replace(".", "．"),
        mail.replace("@", "\u200b@\u200b"),
        mail.replace("@", " AT ").replace(".", " DOT "),
    ]
    return draw.choice(ways), True


def _postcode(draw: random.Random, half: int) -> tuple[str, bool]:
    outward = draw.choice(AREAS[half::2]) + str(draw.randrange(1, 30))
    inward = str(draw.randrange(10)) + draw.choice(INWARD) + draw.choice(INWARD)
    if draw.random() > 1 / 3:
        return draw.choice([f"{outward} {inward}", outward + inward, f"{outward} {inward}".lower()]), False
    ways = [" ".join(outward + inward), f"{outward}\n{inward}", f"{outward}-{inward}", f"{outward}\u200b{inward}"]
    return draw.choice(ways), True


def _nhs(draw: random.Random, half: int) -> tuple[str, bool]:
    while True:
        digits = [draw.choice([4, 6, 7]), *(draw.randrange(10) for _ in range(8))]
        check = 11 - sum(d * w for d, w in zip(digits, range(10, 1, -1), strict=True)) % 11
        if check != 10:
            break
    number = "".join(map(str, [*digits, 0 if check == 11 else check]))
    if draw.random() > 1 / 3:
        return draw.choice(
            [number, f"{number[:3]} {number[3:6]} {number[6:]}", f"{number[:3]}-{number[3:6]}-{number[6:]}"]
        ), False
    ways = [" ".join(number), "\u200b".join(number), "".join(chr(ord(c) - 48 + 0x9E6) for c in number)]
    return draw.choice([*ways, f"{number[:3]}\n{number[3:6]}\n{number[6:]}"]), True


def _address(draw: random.Random, half: int) -> tuple[str, bool]:
    street = f"{draw.choice(STREETS[half::2])} {draw.choice(KINDS_OF_STREET)}"
    number = f"{draw.randrange(1, 240)}{draw.choice(['', '', '', 'a', 'b'])}"
    flat = draw.choice(["flat", "Flat", "apartment"]) + f" {draw.randrange(1, 60)}"
    return draw.choice(
        [f"{number} {street}", f"{number}, {street}", f"{number} {street}".lower(), f"{flat}, {number} {street}", flat]
    ), False


def _name(draw: random.Random, half: int) -> tuple[str, bool]:
    given, family = draw.choice(GIVEN[half::2]), draw.choice(FAMILY[half::2])
    ways = [
        given,
        given,
        f"{given} {family}",
        f"{given} {family}",
        f"Mrs {family}",
        f"Mr. {family}",
        f"{given[0]}. {family}",
    ]
    name = draw.choice(ways)
    return (name.lower(), True) if draw.random() < 1 / 6 else (name, False)


MAKERS: dict[str, Callable[[random.Random, int], tuple[str, bool]]] = {
    "phone": _phone,
    "email": _email,
    "postcode": _postcode,
    "nhs_number": _nhs,
    "address": _address,
    "name": _name,
}
