"""Words of residents: what tells of a person is found, in every usual disguise, and public places are left alone."""

from __future__ import annotations

from itertools import pairwise

import pytest

from assetmap.disclosure.folded_text import fold_text
from assetmap.disclosure.personal_text import KINDS, Finding, find_personal, public_places, redact

PLACES = public_places(
    ["Victoria Park", "St Mary's Church", "Roman Road", "Ropewalk", "Florence", "Chapel Street", None]
)


def kinds(text: str) -> list[str]:
    return [finding.kind for finding in find_personal(text, PLACES)]


def found(text: str, kind: str) -> list[str]:
    return [text[f.start : f.end] for f in find_personal(text, PLACES) if f.kind == kind]


@pytest.mark.parametrize(
    "text",
    [
        "ring 07700 900123",
        "ring 07700900123 now",
        "o7 7 0 0 9 0 0 1 2 3",
        "O77OO 9OOI23",
        "oh double seven double oh nine double oh one two three",
        "07700 then 900 then 123",
        "07700\n900\n123",
        "0\u200b7\u200b7\u200b0\u200b0 900 123",
        "০৭৭০০ ৯০০১২৩",
        "٠٧٧٠٠٩٠٠١٢٣",
        "０７７００　９００１２３",
        "+44 (0)7700 900123",
        "0044 7700 900 123",
        "020 7946 0812",
        "(0117) 496-0123",
        "+880 1711-123456",
        "+48 601 234 567",
        "7946 0812",
        "0️⃣7️⃣7️⃣0️⃣0️⃣9️⃣0️⃣0️⃣1️⃣2️⃣3️⃣",
    ],
)
def test_telephone_numbers_are_found(text):
    assert "phone" in kinds(text)
    assert not any(char.isdecimal() for char in redact(text, find_personal(text)))


@pytest.mark.parametrize(
    "text",
    [
        "We met at the theatre in 1968",
        "open 2010-2014 and 2016, 2017",
        "9.00-17.30 on weekdays, 10.00-16.00 on Saturday",
        "closed from 12/10/2025 to 30/11/2025",
        "it cost £1,000,000",
        "the number 8 bus and the 277",
        "10 minute walk, 2 benches, 300 metres",
        "5 minutes from the road",
        "Would use the library if it opened after work",
        "Nobody else about. The hall on the corner is ours. Nowhere to cross to the rec",
    ],
)
def test_ordinary_numbers_are_left(text):
    assert find_personal(text) == ()


@pytest.mark.parametrize(
    ("text", "mail"),
    [
        ("write to s.khan@example.org please", "s.khan@example.org"),
        ("s.khan @ example . org", "s.khan @ example . org"),
        ("shireen dot khan at gmail dot com", "shireen dot khan at gmail dot com"),
        ("jo (at) hotmail (dot) co (dot) uk", "jo (at) hotmail (dot) co (dot) uk"),
        ("jo[at]example[dot]org", "jo[at]example[dot]org"),
        ("jo＠example．org", "jo＠example．org"),
        ("jo@exam\u00adple.org", "jo@exam\u00adple.org"),
        ("I am joey at gmail", "joey at gmail"),
    ],
)
def test_mail_is_found_in_any_dress(text, mail):
    assert found(text, "email") == [mail]


@pytest.mark.parametrize(
    "code", ["E3 5SJ", "e35sj", "E 3 5 S J", "E3\n5SJ", "Ｅ３ ５ＳＪ", "EC1V 2NX", "E2 OSJ", "SW1A-1AA"]
)
def test_postcodes_are_found(code):
    assert found(f"I live near {code}, by the canal", "postcode") == [code]


def test_a_district_alone_is_no_postcode():
    assert kinds("most of E3 is fine") == []


@pytest.mark.parametrize(
    "text",
    [
        "943 476 5919",
        "NHS no. 9434765919",
        "943-476-5919",
        "9 4 3 4 7 6 5 9 1 9",
        "৯৪৩ ৪৭৬ ৫৯১৯",
        "aged 72, 943 476 5919",
    ],
)
def test_nhs_numbers_are_found_by_their_check_digit(text):
    assert "nhs_number" in kinds(text)  # the example of the NHS data dictionary


def test_ten_digits_without_the_check_digit_are_withheld_as_a_telephone_number():
    assert kinds("943 476 5918") == ["phone"]


@pytest.mark.parametrize(
    "text",
    [
        "I'm at 14 Roman Road",
        "14a roman rd",
        "flat 3",
        "Flat 14, Mariners' Court",
        "flat three, second floor",
        "They moved us out in '74. 31 Ropewalk.",
        "fourteen Chapel Street",
        "we live at number 22",
        "12 St Mary's Close",
        "12-14 Chapel Street",
    ],
)
def test_house_numbers_are_found(text):
    assert "address" in kinds(text)


@pytest.mark.parametrize("text", ["born 3/4/1974", "d.o.b. 12 March 1980", "my date of birth is 1st of May 1961"])
def test_dates_of_birth_are_found(text):
    assert kinds(text) == ["birth_date"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("see www.example.org/me", "link"),
        ("https://example.org", "link"),
        ("@jo_k knows", "handle"),
        ("insta: jo_k", "handle"),
        ("he drives AB12 CDE", "plate"),
        ("আমার নাম রহিম", "unread"),
        ("اسمي فاطمة", "unread"),
    ],
)
def test_links_handles_plates_and_other_scripts_go_to_a_person(text, kind):
    assert kinds(text) == [kind]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Ask Maureen Pike, she knows", "Maureen Pike"),
        ("Mrs Adeyemi-Clarke's choir", "Adeyemi-Clarke"),
        ("mr patel closed it", "patel"),
        ("Cousin Tariq has the keys", "Tariq"),
        ("my neighbour yusuf", "yusuf"),
        ("my name is shagufta", "shagufta"),
        ("Grace Okafor runs it", "Grace Okafor"),
        ("J. Smith was here", "J. Smith"),
        ("lovely trees\nShireen", "Shireen"),
        ("ASK MAUREEN AT THE SHOP", "MAUREEN"),
        ("Zosia's garden is open", "Zosia"),
        ("it was Łukasz who said so", "Łukasz"),
        ("Abdikarim Warsame says no", "Abdikarim Warsame"),
        ("we all know Mrs B", "B"),
        ("I asked for Thandeka twice", "Thandeka"),
    ],
)
def test_names_are_found(text, name):
    assert found(text, "name") == [name]


@pytest.mark.parametrize(
    "text",
    [
        "Herons in Victoria Park",
        "St Mary's is lovely on a Sunday in May",
        "the choir at St Mary's Church",
        "Rose bushes and Ivy on the wall. Will they cut it? Grace would help.",
        "We meet at Tidewell Basin or the Old Hall on Mondays",
        "Eid in the park, Christmas at Tesco",
        "Bring back the youth hall! Motorbikes on the towpath",
        "The Bangladeshi elders and the Somali women meet here",
        "I don't walk here after four in winter",
    ],
)
def test_places_and_ordinary_words_are_nobody(text):
    assert found(text, "name") == []


def test_findings_are_in_order_apart_and_of_known_kinds():
    text = "Ask Maureen, 07700 900123 or m@example.org, flat 3, 14 Roman Road, E3 5SJ"
    findings = find_personal(text)
    assert all(before.end <= after.start for before, after in pairwise(findings))
    assert {f.kind for f in findings} <= set(KINDS)
    assert redact(text, findings) == "Ask [name], [phone] or [email], [address], [address], [postcode]"


def test_nothing_is_found_in_nothing():
    assert find_personal(None) == find_personal("") == find_personal(" \n") == ()


def test_a_known_place_is_found_whatever_its_case_but_a_single_given_name_stays_one():
    assert kinds("herons in victoria park") == []
    assert found("I met Florence", "name") == ["Florence"]


@pytest.mark.parametrize(
    "text", ["a" * 20_000, "1 " * 10_000, "A " * 10_000, "a.b " * 5_000, "@ " * 10_000, "E1" * 10_000]
)
def test_long_texts_take_no_time(text):
    assert isinstance(find_personal(text), tuple)


def test_offsets_are_those_of_the_original():
    folded = fold_text("x\u200b½ ７")
    assert folded.plain == "x1⁄2 7"
    assert [folded.original(n, n + 1) for n in range(len(folded.plain))] == [
        (0, 2),
        (2, 3),
        (2, 3),
        (2, 3),
        (3, 4),
        (4, 5),
    ]


def test_findings_that_overlap_are_one():
    assert redact("abcdef", [Finding("name", 0, 3, False), Finding("phone", 2, 4)]) == "[phone]ef"
