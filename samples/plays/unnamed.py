"""Mappings without a name: a parent starts a child with a token; the child imports it and reads."""
from .actor import WHY
from .scene import Scene

PROGRAMS = {"C++": "CppUnnamedMapping", "C#": "CSUnnamedMapping", "VB": "VBUnnamedMapping"}
IN_ENVIRONMENT, AS_ARGUMENT = "in the environment", "as an argument"
GIVES_TOKEN = {
    "C++": (IN_ENVIRONMENT, "The child gets a token in its environment"),
    "C#": (AS_ARGUMENT, "The child gets a token as an argument"),
    "VB": (IN_ENVIRONMENT, "The child gets a token in its environment"),
}
MADE_UP = "fm1-" + "00" * 96  # the right form, and nothing in it


def parent_says(language, inheritable=True):
    return f"""The unnamed file mapping is created ({"" if inheritable else "not "}inheritable)
The file view is mapped
This message is written to the view:
"Message from the first process."
{GIVES_TOKEN[language][1]}
"""


def child_says(way, how=""):
    return f"""The token came {way}
The unnamed file mapping is imported{how}
The file view is mapped
Read from the file mapping:
"Message from the first process."
"""


def child_complains(language, way, function, win32, status, why=WHY):
    """What a child prints that cannot import."""
    came = f"The token came {way}\n"
    if language == "C++":
        return came + f"{function} failed w/err {win32} ({status}): {function}: {why}\n"
    return came + f"The process throws the error: {function}: {why} ({status})\n"


def start_parent(cast, parent, child, *options):
    """A program that is told of no child starts itself."""
    command = cast.stage.command_for_program(PROGRAMS[child]) if child != parent else []
    return cast.start(f"{parent} parent", PROGRAMS[parent], *options, *command)


def pairing(cast, parent, child):
    start_parent(cast, parent, child).ends_with(0, parent_says(parent) + child_says(GIVES_TOKEN[parent][0]))


def duplication(cast, parent, child):
    """With nothing inherited, the child can only duplicate the handle of its parent, which waits."""
    expected = parent_says(parent, inheritable=False) + child_says(GIVES_TOKEN[parent][0])
    start_parent(cast, parent, child, "--not-inheritable").ends_with(0, expected)


def inheritance(cast, parent, child):
    """With the parent gone, there is nothing to duplicate: the child can only have inherited."""
    orphan = child_says(GIVES_TOKEN[parent][0], " by inheritance: the parent has ended")
    start_parent(cast, parent, child, "--leave").ends_before_its_child(parent_says(parent) + orphan)


def neither(cast, parent, child):
    """Nothing inherited and the parent gone: the token names nothing any more."""
    orphan = child_complains(child, GIVES_TOKEN[parent][0], "fm_import_token", "0x00000002", "FM_E_NOT_FOUND")
    expected = parent_says(parent, inheritable=False) + orphan
    start_parent(cast, parent, child, "--leave", "--not-inheritable").ends_before_its_child(expected)


def made_up_in_environment(cast, child):
    fails_on_made_up(cast.start(f"{child} child", PROGRAMS[child], FILEMAP_TOKEN=MADE_UP), child, IN_ENVIRONMENT)


def made_up_as_argument(cast, child):
    fails_on_made_up(cast.start(f"{child} child", PROGRAMS[child], "--token", MADE_UP), child, AS_ARGUMENT)


def fails_on_made_up(actor, child, way):
    actor.ends_with(1, child_complains(child, way, "fm_token_from_text", "0x00000057", "FM_E_INVALID_ARGUMENT",
                                       "the text is no token, or a damaged one"))


def scenes(_stage):
    for parent in PROGRAMS:
        for child in PROGRAMS:
            yield Scene(f"unnamed, {parent} parent, {child} child", pairing, (parent, child),
                        "unnamed mappings: parents down, children across")
    # Each parent with another language's child, so that every language is once on each side.
    for parent, child in zip(PROGRAMS, [*list(PROGRAMS)[1:], *list(PROGRAMS)[:1]]):
        both = (parent, child)
        yield Scene(f"unnamed, {parent} parent waits, {child} child inherits nothing", duplication, both)
        yield Scene(f"unnamed, {parent} parent has ended, {child} child inherits", inheritance, both)
        yield Scene(f"unnamed, {parent} parent has ended, {child} child inherits nothing", neither, both)
    for child in PROGRAMS:
        yield Scene(f"made-up token in the environment of a {child} child", made_up_in_environment, (child,))
        yield Scene(f"made-up token as an argument of a {child} child", made_up_as_argument, (child,))
