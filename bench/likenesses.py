"""Made-up people of the UK, some of them written down twice with the slips that people make at a keyboard.

Seeded: the same number makes the same people. Among them stand those who are easily taken for one another:
twins, couples, fathers and sons of one name, and strangers who share a common name.
"""

import random
from dataclasses import dataclass, replace
from datetime import date, timedelta

from people.matching import Described
from people.nicknames import FORMS


def _words(text: str, between: str | None = None) -> list[str]:
    return text.split(between)


WOMEN = _words(
    "Margaret Dorothy Jean Joan Patricia Sheila Doreen Joyce Barbara Mary Elizabeth Kathleen Irene "
    "Eileen Sylvia Brenda Maureen Shirley Pamela Audrey Beryl Gwendoline Hilda Edna Vera Rita June "
    "Norma Ann Susan Christine Catherine Frances Ruth Rose Violet Winifred Gladys Florence Olive Megan "
    "Nerys Shanti Kamla Parveen Nasreen Fatima Amina Gurpreet Meena Blessing Folake Comfort Marlene "
    "Precious Halina Jadwiga Siobhan Niamh Morag Catriona Ling Mei Rosa Concetta"
)
MEN = _words(
    "John William George James Ronald Robert Kenneth Frederick Thomas Albert Eric Edward Arthur Charles "
    "Leslie Sidney Frank Peter Dennis Joseph Alan Stanley Ernest Harold Norman Raymond Leonard Alfred "
    "Harry Gordon Reginald Roy Derek Jack Douglas Geoffrey Brian Michael David Anthony Gwyn Emrys "
    "Dafydd Rajesh Harish Mohammed Iqbal Abdul Balwinder Jaswant Kwame Olu Winston Desmond Tadeusz "
    "Stanislaw Patrick Seamus Hamish Angus Wei Salvatore Mario"
)
FAMILIES = _words(
    "Smith Jones Williams Brown Taylor Davies Wilson Evans Thomas Johnson Roberts Walker Wright "
    "Robinson Thompson White Hughes Edwards Green Hall Wood Harris Lewis Martin Jackson Clarke Turner "
    "Hill Cooper Morris Ward Moore Clark Baker Harrison King Morgan Patel Allen Begum Khan Hussain "
    "Singh Kaur Ahmed Ali Okafor Adeyemi Mensah Campbell Stewart MacDonald Kelly Murphy O'Brien Ryan "
    "Byrne Kowalska Nowak Wisniewska Chan Wong Rossi Pryce-Jones Llewellyn Pritchard Whitworth Ackroyd "
    "Bottomley Sidebottom Tregenza Penhaligon Featherstone Hargreaves Entwistle Postlethwaite "
    "Cholmondeley Shah Mistry Chowdhury Rahman Boateng Osei Henry Grant Bailey Gallagher Doherty "
    "McAllister Fraser Sutherland Drummond Petrie Marsh Lowe Dale Frost"
)
STREETS = _words(
    "Orchard Row;Mill Lane;Church Street;Station Road;High Street;Victoria Road;The Green;Park Avenue;"
    "Queensway;Chapel Lane;Manor Close;Kingfisher Court;Springfield Road;Albert Terrace;Bridge Street;"
    "Elm Grove;Harbour View;Northgate;Sycamore Drive;Windmill Hill",
    ";",
)
SECTORS = ("WM1 1", "WM1 2", "WM1 4", "WM2 3", "WM2 5", "WM3 1", "WM4 6", "ES7 2", "ES7 9", "NT10 4")
LETTERS = "ABDEFGHJLNPQRSTUWXYZ"
KEYS = {
    "a": "sq", "b": "vn", "c": "xv", "d": "sf", "e": "wr", "f": "dg", "g": "fh", "h": "gj", "i": "uo",
    "j": "hk",
    "k": "jl", "l": "k", "m": "n", "n": "bm", "o": "ip", "p": "o", "q": "w", "r": "et", "s": "ad", "t": "ry",
    "u": "yi", "v": "cb", "w": "qe", "x": "zc", "y": "tu", "z": "x",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Recorded:
    """One record, and the number of the person whom it is about."""

    who: int
    described: Described


class Population:
    """A number of records, of which `again` are of people who have one already."""

    def __init__(self, seed: int, records: int = 1000, again: int = 180) -> None:
        """The same seed makes the same people."""
        self._chance = random.Random(seed)
        self._numbers = 0
        self.records: list[Recorded] = []
        people = self._people(records - again)
        for who, described in enumerate(people):
            self.records.append(Recorded(who, described))
        for who in self._chance.sample(range(len(people)), again):
            self.records.append(Recorded(who, self._written_again(people[who])))
        self._chance.shuffle(self.records)

    def _people(self, count: int) -> list[Described]:
        found: list[Described] = []
        while len(found) < count:
            one, turn = self._somebody(), self._chance.random()
            found.append(one)
            if turn < 0.18:
                found.append(self._partner(one))
            elif turn < 0.22:
                found.append(self._twin(one))
            elif turn < 0.25:
                found.append(self._son(one))
            elif turn < 0.28:
                found.append(self._namesake(one))
        return found[:count]

    def _somebody(self) -> Described:
        chance = self._chance
        sex = chance.choice(("female", "male"))
        born = date(1925, 1, 1) + timedelta(days=int(chance.triangular(0, 32_000, 7_000)))
        known = chance.random() < 0.6
        return Described(
            given=self._common(WOMEN if sex == "female" else MEN),
            family=self._common(FAMILIES),
            born=born,
            sex=sex if chance.random() < 0.95 else None,
            **self._home(),
            telephone=self._number() if chance.random() < 0.85 else None,
            nhs_number=self._number() if known else None,
        )

    def _common(self, names: list[str]) -> str:
        """The first names of a list are the common ones."""
        return names[min(int(self._chance.expovariate(2.6) * len(names)), len(names) - 1)]

    def _home(self) -> dict[str, str]:
        chance = self._chance
        postcode = chance.choice(SECTORS) + chance.choice(LETTERS) + chance.choice(LETTERS)
        return {"postcode": postcode, "address_line": f"{chance.randint(1, 140)} {chance.choice(STREETS)}"}

    def _number(self) -> bytes:
        self._numbers += 1
        return self._numbers.to_bytes(32, "big")

    def _partner(self, of: Described) -> Described:
        sex = "male" if of.sex == "female" else "female"
        return replace(
            of,
            given=self._common(WOMEN if sex == "female" else MEN),
            born=of.born + timedelta(days=self._chance.randint(-3000, 3000)),
            sex=sex,
            nhs_number=self._number(),
        )

    def _twin(self, of: Described) -> Described:
        sex = self._chance.choice(("female", "male"))
        names = [name for name in (WOMEN if sex == "female" else MEN) if name != of.given]
        return replace(of, given=self._chance.choice(names), sex=sex, nhs_number=self._number())

    def _son(self, of: Described) -> Described:
        """A child of the same name: the father's is handed on, the address and telephone shared."""
        years = self._chance.randint(19, 38)
        return replace(of, born=of.born + timedelta(days=years * 365 + self._chance.randint(0, 364)),
                       nhs_number=self._number() if self._chance.random() < 0.6 else None)  # fmt: skip

    def _namesake(self, of: Described) -> Described:
        """A stranger of the same name who lives elsewhere and is about as old."""
        return replace(
            self._somebody(), given=of.given, family=of.family, sex=of.sex,
            born=of.born + timedelta(days=self._chance.randint(-400, 400)),
        )  # fmt: skip

    def _written_again(self, one: Described) -> Described:
        """The same person at another agency, with one to three things that are not as they were."""
        chance = self._chance
        again = replace(one, nhs_number=one.nhs_number if chance.random() < 0.15 else None)
        slips = (self._misspelt_given, self._nickname, self._misspelt_family, self._married, self._moved,
                 self._new_telephone, self._turned_birthday, self._wrong_digit,
                 self._without, self._initial)  # fmt: skip
        often = (10, 14, 10, 6, 16, 18, 5, 8, 10, 3)
        chosen = [chance.choices(slips, often)[0] for _ in range(chance.choice((1, 1, 2, 2, 3)))]
        for slip in dict.fromkeys(chosen):
            again = slip(again)
        return again

    def _misspelt_given(self, one: Described) -> Described:
        return replace(one, given=self._slip(one.given))

    def _misspelt_family(self, one: Described) -> Described:
        return replace(one, family=self._slip(one.family))

    def _nickname(self, one: Described) -> Described:
        forms = [line.split() for line in FORMS.split("\n") if one.given.lower() in line.split()]
        return replace(one, given=self._chance.choice(forms[0]).title()) if forms else one

    def _married(self, one: Described) -> Described:
        return replace(one, family=self._common(FAMILIES)) if one.sex == "female" else one

    def _moved(self, one: Described) -> Described:
        return replace(one, **self._home())

    def _new_telephone(self, one: Described) -> Described:
        return replace(one, telephone=self._number())

    def _turned_birthday(self, one: Described) -> Described:
        born = one.born
        return replace(one, born=date(born.year, born.day, born.month)) if born.day <= 12 else one

    def _wrong_digit(self, one: Described) -> Described:
        while True:
            text = list(one.born.isoformat())
            place = self._chance.choice((3, 3, 6, 8, 9, 9))
            text[place] = str(self._chance.randint(0, 9))
            try:
                born = date.fromisoformat("".join(text))
            except ValueError:
                continue
            return replace(one, born=born)

    def _without(self, one: Described) -> Described:
        lacking = self._chance.choice(("telephone", "sex", "postcode"))
        if lacking == "postcode":
            return replace(one, postcode=None, address_line=None)
        return replace(one, telephone=None) if lacking == "telephone" else replace(one, sex=None)

    def _initial(self, one: Described) -> Described:
        return replace(one, given=one.given[0])

    def _slip(self, name: str) -> str:
        """One slip of the keys: a letter left out, doubled or turned with the next, or the key beside it."""
        chance = self._chance
        if len(name) < 2:
            return name
        at = chance.randint(1, len(name) - 2) if len(name) > 2 else 0
        kind = chance.choice(("left out", "doubled", "turned", "beside"))
        if kind == "left out":
            return name[:at] + name[at + 1 :]
        if kind == "doubled":
            return name[: at + 1] + name[at:]
        if kind == "turned":
            return name[:at] + name[at + 1 : at + 2] + name[at] + name[at + 2 :]
        return name[:at] + chance.choice(KEYS.get(name[at].lower(), name[at])) + name[at + 1 :]
