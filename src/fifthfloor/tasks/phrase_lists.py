"""What people think of when they are asked for a passphrase: small words, sequences, lines, rows of keys."""

from __future__ import annotations

# Words that make a sentence of what stands between them, in the languages whose verses are in every list.
_SMALL_WORDS = """
a ab ad al all am an and are as at au auf aux be been but by can che con cum da dans das de dein del dem den der
des di did die do du e ego ein eine el elle en er es est et ex for from für gli had has have he her him his how
i ich if ihr il im in is ist it je la las le les lo los me mein mi mit my nicht no non not nous não o oder of on
or os ou our para pas per por pour quae que qui quod se shall she si sie sind so sono su sunt sur than that the
their them then there these they this those ti to tu um uma un una und une us ut von vous war was we were what
when where which who will wir with would y you your zu а в и как мой на не но он с что это я
"""
SENTENCE = frozenset(_SMALL_WORDS.split())

# Sets whose next member is foreseen.
CLOSED = tuple(
    frozenset(one.split())
    for one in (
        """
eight eighteen eighth eighty eleven fifteen fifth fifty first five forty four fourteen fourth hundred million
nine nineteen ninety ninth one second seven seventeen seventh seventy six sixteen sixth sixty ten tenth third
thirteen thirty thousand three twelve twenty two zero
""",
        """
acht cinco cinq cinque cuatro deux dieci diez dix dos drei due eins fünf huit neuf neun nove nueve null ocho
otto quatre quattro sechs sei seis sept sette sieben siete six tre tres trois un uno vier zehn zwei
""",
        """
april august autumn december february friday january july june march may monday november october saturday
september spring summer sunday thursday tuesday wednesday winter
""",
        """
alfa alpha bravo charlie delta echo foxtrot golf hotel india juliet juliett kilo lima mike november oscar papa
quebec romeo sierra tango uniform victor whiskey xray yankee zulu
""",
        """
black blue brown gray green grey indigo orange pink purple red violet white yellow
""",
        """
earth jupiter mars mercury neptune pluto saturn uranus venus
""",
        """
do fa la mi re so ti
""",
        """
east north south west
""",
        """
ace clubs diamonds hearts jack king queen spades
""",
    )
)

# Lines without a small word that gives them away.
KNOWN_PHRASES = tuple(
    line.split()
    for line in """
correct horse battery staple
lorem ipsum dolor sit amet consectetur adipiscing elit
quick brown fox jumps over lazy dog
om mani padme hum
veni vidi vici
hail mary full grace
rosebud
open sesame
workers world unite
liberté égalité fraternité
twinkle twinkle little star
happy birthday
row row row your boat
let there be light
once upon time
winter coming
houston we problem
lions tigers bears
snap crackle pop
eeny meeny miny moe
peace love understanding
ready player one
keep calm carry
never gonna give you up
phnglui mglwnafh cthulhu rlyeh wgahnagl fhtagn
""".strip().splitlines()
)

# What names a street, alone or as the end of a word: with a number beside it, that is an address of the post.
_STREET_LINES = """
allee alley av ave avenida avenue blvd boulevard calle carrer corso court drive gata highway lane laan paseo piazza
place plac plads platz plaza plein quai road rd route rua rue square st str straat strada strasse street ulica
ulitsa utca via viale vej via weg way улица ул проспект
"""
STREET_WORDS = frozenset(_STREET_LINES.split())
STREETS = ("strasse", "straat", "gasse", "platz", "gatan", "vägen", "gade", "plein", "utca")

# Rows of keyboards, columns of keys, alphabets, digits.
KEYBOARD = (
    "`1234567890-=",
    "qwertyuiop[]\\",
    "asdfghjkl;'",
    "zxcvbnm,./",
    "qwertzuiopü+",
    "asdfghjklöä#",
    "yxcvbnm,.-",
    "azertyuiop",
    "qsdfghjklm",
    "wxcvbn",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "1q2w3e4r5t6y7u8i9o0p",
    "qazwsxedcrfvtgbyhnujmikolp",
    "абвгдежзийклмнопрстуфхцчшщъыьэюя",
    "йцукенгшщзхъ",
    "фывапролджэ",
    "ячсмитьбю",
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890123456789",
    "789456123",
    "147258369",
    "!@#$%^&*()_+",
    "31415926535897932384626433832795028841971693993751058209",
    "27182818284590452353602874713526624977572470936999",
    "1618033988749894848204586834365638117720309179805762",
    "14142135623730950488016887242096980785696718753769",
    "0112358132134558914423337761098715972584418167651094617711",
    "235711131719232931374143475359616771737983899710110310710911312713113713914915115716316717317918119119319719",
    "01491625364964811001211441691962252562893243614004414845295766256767297848419009611024",
    "124816326412825651210242048409681921638432768655361310722621445242881048576",
)
