"""What people think of is refused, what chance drew is not, and own ones want to be called so."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from tests.tasks.cards_at_hand import exfat_card
from tests.tasks.quick import PASSPHRASE, command

from fifthfloor.errors import BadInput
from fifthfloor.tasks import secret
from fifthfloor.tasks.keyboard_walk import walk_bits
from fifthfloor.tasks.own_passphrase import guessed_bits

THOUGHT_OF = [
    "correct horse battery staple",
    "Correct-Horse-Battery-Staple 2024!",
    "In the beginning God created the heaven and the earth.",
    "And the earth was without form, and void; and darkness was upon the face of the deep.",
    "For God so loved the world, that he gave his only begotten Son, that whosoever believeth in him should not perish",
    "Am Anfang schuf Gott Himmel und Erde, und die Erde war wüst und leer",
    "Au commencement, Dieu créa les cieux et la terre. La terre était informe et vide",
    "Gallia est omnis divisa in partes tres, quarum unam incolunt Belgae",
    "one two three four five six seven eight",
    "ten nine eight seven six five four three two one zero",
    "monday tuesday wednesday thursday friday saturday sunday",
    "alpha bravo charlie delta echo foxtrot golf hotel india juliett",
    "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
    "youtu.be/dQw4w9WgXcQ",
    "vimeo.com/76979871 and then some",
    "/watch?v=Zk3bqPwx_7A&t=95",
    "shorts/Zk3bqPwx_7A?si=xyz41",
    "clip v=Zk3bqPwx-7A&t=17s and more",
    "embed/Zk3bqPwx_7A?start=43",
    "live/Zk3bqPwx_7A?feature=share",
    "Zk3bqPwx_7A?t=42s&si=k3jF9sLq",
    "/reel/CxY3kQ9L2pZ/?igsh=MzRlODBiNWFlZA==",
    "/video/7106594312292453675?is_from_webapp=1",
    "BV1GJ411x7h7 and more of it",
    "2 Corinthians 5:17 1 John 4:8 2 Timothy 1:7",
    "Johannes 3,16 Psalm 23,1 Genesis 1,1 Matthaeus 5,3",
    "1. Mose 1,1-3; Joh. 3,16; Röm. 8,28; Offb. 21,4",
    "Gen1:1John3:16Ps23:1Rom8:28",
    "JOHN_3_16_PSALM_23_1_LUKE_2_7",
    "Exodus 20:3 Isaiah 40:31 Luke 2:7 Romans 12:2 Jude 1:24",
    "qwertyuiopasdfghjklzxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
    "poiuytrewqlkjhgfdsamnbvcxz",
    "12345678901234567890123456789012345",
    "2 4 6 8 10 12 14 16 18 20 22 24 26 28",
    "3.14159265358979323846264338327950288419716939937510",
    "password password password password password password password",
    "hunter2hunter2hunter2hunter2hunter2hunter2",
    "abacus abdomen abdominal abide abiding ability ablaze able abnormal",
    "23.04.1987 17.11.2003 2016-02-29",
    "Ojcze nasz któryś jest w niebie święć się imię Twoje",
    "बिस्मिल्लाह अर्रहमान अर्रहीम अल्हम्दुलिल्लाह रब्बिल आलमीन",
    "Allons enfants patrie jour gloire arrivé contre nous tyrannie étendard sanglant levé",
    "Ph'nglui mglw'nafh Cthulhu R'lyeh wgah'nagl fhtagn",
    "hydrogen helium lithium beryllium boron carbon nitrogen oxygen fluorine",
    "lennon mccartney harrison starr beatles liverpool abbey road",
    "Rindfleisch Zauberei Kompass Dachziegel Murmeltier Eisvogel Pfütze",
    "c0rr3ct h0rs3 b4tt3ry st4pl3",
    "1n7h3b3g1nn1ngg0dcr34t3d7h3h34v3n",
    "to_be_or_not_to_be_that_is_the_question",
    "John Smith 1984 Mary Smith 1986 Tom Smith 2012",
    "24 December 1987 14 July 1989 3 March 2011",
    "Psalm 23:1-3 Der Herr ist mein Hirte",
    "221b Baker Street London NW1 6XE England",
    "Musterstraße 12 10115 Berlin Deutschland",
    "48.8584 N 2.2945 E Eiffel Tower",
    "192.168.178.1 fritz.box admin",
    "0112358132134558914423337761098715972584",
    "2357111317192329313741434753596167",
    "2 4 6 8 10 12 14 16 18 20 22 24 26 28 30",
    "1s th1s th3 r34l l1f3 0r 1s th1s just f4nt4sy",
    "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<< L898902C36UTO7408122F1204159ZE184226B<<<<<10",
    "C01X00T478 12.04.1985 München Mustermann Erika",
    "GB82 WEST 1234 5698 7654 32 and DE89370400440532013000",
    "IMG_0001 IMG_0002 DSCF0003 _DSC0041.JPG P1000123",
    "Nikon D850 3012345 Nikkor 20012345 24-70mm f/2.8",
    "1A:2B:3C:4D:5E:6F:70:81 00-1B-44-11-3A-B7",
    "978-3-16-148410-0 0-306-40615-2",
    "youtu be dQw4w9WgXcQ watch",
    "SGVsbG8gV29ybGQhIFRoaXMgaXMgYmFzZTY0",
    "726f7720726f7720726f7720796f757220626f6174",
    "h3ll0 d4rkn355 my 0ld fr13nd 1v3 c0m3",
    "dkssudgktpdy rkatkgkqslek tkfkdgo",
    "cgfcb,j njdfhbo pljhjdj vjkjltw",
    "bunny-sparkle-7-tractor-moon-lilac",
    "Vjq lzlz cfvs[ xtcnys[ ghfdbk rjulf yt d ienre pfytvju",
    "Sommer2019 Winter2020 Herbst2021 Lenz2022",
    "romeo&juliet1597hamlet1603macbeth1606",
    "a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6",
    "zaq12wsxcde34rfvbgt56yhnmju78ik,.lo90p;/",  # columns, up and down
    "ZAQ!2wsxCDE#4rfvBGT%6yhn",
    "qscwdvefbrgnthmyj,uk.il/",  # diagonals
    "a;sldkfjghqpwoeirutyz/x.c,vmbn",  # two hands that meet
    "yaq12wsxcde34rfvbgt56zhnmju78ik,",  # German keys
    "&aqwxsz\u00e9\"edcvfr'(tgbnhy-",  # French keys
    "tfcrdxeszwaqyhvujbikmolp",
    "我们在天上的父，愿人都尊你的名为圣，愿你的国降临，愿你的旨意行在地上",  # with its own commas
    "天にまします我らの父よ、願わくは御名をあがめさせたまえ。御国を来たらせたまえ。",
    "አቡነ፡ዘበሰማያት፡ይትቀደስ፡ስምከ፡ትምጻእ፡መንግሥትከ",
    "བདག་ཅག་གི་ཡབ་ནམ་མཁའ་ལ་བཞུགས་པ་ཁྱེད་ཀྱི་མཚན",
    "בראשית־ברא־אלהים־את־השמים־ואת־הארץ",
    "In·the·beginning·God·created·the·heaven·and·the·earth",
    "In—the—beginning—God—created—the—heaven—and—the—earth",
    "«Am»„Anfang“…schuf…Gott…Himmel…und…Erde…und…die…Erde",
    "पिता॥हमारे॥जो॥स्वर्ग॥में॥है॥तेरा॥नाम॥पवित्र॥माना॥जाए",
    *("In the beginning God created the heaven and the earth".replace(" ", mark) for mark in "^%(<\"`>|!$@~'*"),
    "In1the2beginning3God4created5the6heaven7and8the9earth",
    "For1God2so3loved4the5world6that7he8gave",
    "the1lord2is3my4shepherd5i6shall7not8want",
    "For-1-God-2-so-3-loved-4-the-5-world",
    "For\u0660God\u0660so\u0660loved\u0660the\u0660world\u0660that\u0660he",
    "the lord is my shepherd i shall not want psalm 23 2024",
    "our dog Bello was born on 17 April 2009 in Odessa",
    "for god so loved the world john 3 16 1995",
    "Psalm 23 verse 1 the lord is my shepherd 2024",
    "on 3 May 1986 we left Pripyat with 2 bags",
    "apollo 11 landed on the moon on 20 July 1969",
    "20:15 Tatort am Sonntag 1970 um 21:45 aus",
    "For1God2so3loved4the5world6that7he8gave9",
    "the01lord02is03my04shepherd05i06shall07not08want",
    "For--1--God--2--so--3--loved--4--the--5--world",
    "aaabbbcccdddeeefffggghhhiiijjjkkk",
    "aazzbbyyccxxddwweevvffuu",
    "Mt VI,9 Lk XI,2 Ps XXIII,1",
    "1 Kor XIII,4; Röm VIII,28; Jes XL,31",
    "Gen. i. 1 John iii. 16 Psalm xxiii. 1",
    "Matthew v. 3-10, Luke vi. 20, Acts ii. 4, Rev. xxi. 1",
    "Bible, Genesis chapter 1 verse 1; John chapter 3 verse 16",
    "page 12 line 7 word 3 page 44 line 2 word 9",
    "Seite 114 Zeile 3 Seite 211 Zeile 18 Seite 9 Zeile 25",
    "azbycxdwevfugthsirjqkplomn",
    "aabbccddeeffgghhiijjkkllmmnnoopp",
    "zzyyxxwwvvuuttssrrqqppoonnmmll",
    "1a2b3c4d5e6f7g8h9i0j",
    r"C:\Users\Erika\Documents\Fotos\2019\Ukraine",
]
CHANCE = [
    "Wq7$kd9!zPm2#vR8xTbLm",
    "f3a9c07b1e5d48261b7c9d0e3a5f8c42",
    "xq7v 3kd9 zm2r 8tbl wj5h cf6n",
    "Rindfleisch Zauberei Kompass Dachziegel k7Q#x9vR",
]


def test_what_machines_draw_is_hardly_ever_taken_for_words_or_numbers_of_things() -> None:
    chance, characters = random.Random(9), "abcdefghijklmnopqrstuvwxyz0123456789"
    groups = [" ".join("".join(chance.choices(characters, k=4)) for _ in range(6)) for _ in range(100)]
    hexadecimal = ["-".join("".join(chance.choices("0123456789abcdef", k=8)) for _ in range(5)) for _ in range(100)]
    assert sum(guessed_bits(phrase) < 66.4 for phrase in groups) <= 15
    assert sum(guessed_bits(phrase) < 66.4 for phrase in hexadecimal) <= 2


def test_what_machines_draw_is_hardly_ever_a_walk_over_a_keyboard() -> None:
    chance, characters = random.Random(11), "abcdefghijklmnopqrstuvwxyz"
    drawn = ["".join(chance.choices(characters, k=22)) for _ in range(1000)]
    assert sum(walk_bits(phrase, 5.0) < 66.4 for phrase in drawn) <= 3


@pytest.mark.parametrize("phrase", THOUGHT_OF)
def test_what_is_on_a_list_is_refused_whoever_insists(phrase: str) -> None:
    for own in (False, True):
        with pytest.raises(BadInput) as refused:
            secret.check_strength(phrase, own=own)
        assert refused.value.key == "passphrase.weak"


def test_words_read_off_the_list_are_not_drawn() -> None:
    words = secret.wordlist()
    assert not secret.looks_drawn(" ".join(words[100:107]))
    assert not secret.looks_drawn(" ".join(reversed(words[100:107])))
    assert not secret.looks_drawn(" ".join([words[5], words[900]] * 4))
    assert not secret.looks_drawn(" ".join(words[number] for number in (5, 900, 77, 2000, 4000)))


@pytest.mark.parametrize(
    "phrase",
    [
        "april june july august september october december",
        "eleven thirteen fifteen sixteen seventeen nineteen",
        "five eleven thirteen fifteen sixteen seventeen nineteen",
        "monday tuesday wednesday thursday saturday january",
        "january march april june july august september october december unicorn",
        "fifteen april eleven december fifty july",
        "gargle ozone april june july august",
    ],
)
def test_numbers_months_and_days_are_not_drawn(phrase: str) -> None:
    assert not secret.looks_drawn(phrase)
    with pytest.raises(BadInput) as refused:
        secret.check_strength(phrase, own=True)
    assert refused.value.key == "passphrase.weak"


@pytest.mark.parametrize("phrase", CHANCE)
def test_an_own_one_wants_to_be_called_so(phrase: str) -> None:
    with pytest.raises(BadInput) as refused:
        secret.check_strength(phrase)
    assert refused.value.key == "passphrase.own"
    secret.check_strength(phrase, own=True)


def test_drawn_ones_pass() -> None:
    chance, words = random.Random(5), secret.wordlist()
    refused = 0
    for _ in range(300):
        refused += not secret.looks_drawn(" ".join(chance.choices(words, k=6)))
    assert refused <= 3, "two equal words of six come once in five hundred"
    for _ in range(5):
        secret.check_strength(secret.make_passphrase(7).passphrase)


def test_more_of_the_same_is_not_stronger() -> None:
    line = "the lord is my shepherd i shall not want he maketh me to lie down in green pastures"
    assert guessed_bits(line + " " + line) <= guessed_bits(line) + 1


def test_hide_asks_for_the_option(tmp_path: Path) -> None:
    card, photo = exfat_card(tmp_path / "card.img", 3, size_bytes=12_000_000, files=3), tmp_path / "a.jpg"
    photo.write_bytes(b"x" * 1000)
    before = card.read_bytes()
    asked = ("hide", photo, "--in", card, "--label", "", "--passphrase-file", "-", "--yes")
    said = command(*asked, stdin=CHANCE[0] + "\n")
    assert (said.code, "was not drawn by chance" in said.err) == (3, True), said.err
    assert command(*asked, "--own-passphrase", stdin=THOUGHT_OF[0] + "\n").code == 3
    assert card.read_bytes() == before
    assert command(*asked, stdin=PASSPHRASE + "\n").code == 0
