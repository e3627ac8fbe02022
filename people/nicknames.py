"""First names that are forms of one another: whoever is written down as Betty may be Elizabeth elsewhere."""

from collections.abc import Mapping

FORMS = """
alexander alex alec sandy alistair
alfred alf alfie fred
albert bert bertie
amanda mandy
andrew andy drew
ann anne annie anna nan nancy hannah
anthony tony antony
arthur art
barbara barb babs
benjamin ben benny
catherine katherine kathryn catharine kate katie kathy cathy kitty kath kay
charles charlie chas chuck
christine christina chris chrissie tina
christopher chris kit
constance connie
daniel dan danny
david dave davey dai
deborah debbie deb debra
derek del
dorothy dot dotty dolly dora
edward ted eddie ned ed teddy
eileen aileen
eleanor ellen nell nellie helen elen elinor
elizabeth elisabeth betty beth liz lizzie eliza bess bessie libby lisa elsie betsy
emily em millie
eric rick
florence flo florrie flossie
frances fran francie
francis frank
frederick fred freddie
geoffrey jeffrey geoff jeff
george georgie
gerald gerry jerry
gillian gill jill
gladys glad
gordon gord
grace gracie
gwendoline gwen gwenda
harold harry hal
henry harry hal
irene rene
isabel isabella isobel bella izzy
jacqueline jackie jacqui
james jim jimmy jamie
jane janet janey jan
jean jeannie
jennifer jenny jen
joan joanie
john jack johnny jon
jonathan jon jonny
joseph joe joey
josephine jo josie
joyce joy
judith judy
julia julie
kenneth ken kenny
kevin kev
lawrence laurence larry laurie
leonard len lenny
leslie les
lilian lillian lily lil
margaret maggie meg peggy marge margie madge greta rita mags
maria marie mary molly polly may mae
martin marty
matilda tilly
matthew matt
maureen mo
michael mick mike micky
mohammed muhammad mohammad mohamed muhammed mo
nicholas nick nicky
norman norm
olive olivia
pamela pam
patricia pat patsy trish tricia
patrick pat paddy
peter pete
philip phillip phil
raymond ray
rebecca becky becca
reginald reg reggie
richard rick dick ricky rich
robert bob bobby rob robbie bert
rodney rod
roger rodge
ronald ron ronnie
rose rosie rosemary rosalind
ruth ruthie
samuel sam sammy
sandra sandie sandy
sheila shelagh sheelagh
sidney sydney sid syd
stanley stan
stephen steven steve
susan sue susie suzanne
sylvia silvia sylvie
terence terry
theresa teresa terry tess tessa
thomas tom tommy
timothy tim
valerie val
veronica ronnie
victor vic
victoria vicky vicki vi
vincent vince
violet vi
walter wal wally walt
wilfred wilf
william bill billy will willie liam
winifred win winnie freda
yvonne eve
"""


def _groups() -> Mapping[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for number, line in enumerate(FORMS.split("\n")):
        for name in line.split():
            found.setdefault(name, set()).add(number)
    return {name: frozenset(numbers) for name, numbers in found.items()}


GROUPS = _groups()


def are_forms_of_one(one: str, other: str) -> bool:
    """Whether both (in small letters) are forms of one name."""
    return bool(GROUPS.get(one, frozenset()) & GROUPS.get(other, frozenset()))


def forms(name: str) -> frozenset[int]:
    """Which groups of forms the name belongs to; none for a name that has no other form here."""
    return GROUPS.get(name, frozenset())
