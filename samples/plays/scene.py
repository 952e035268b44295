"""What every play hands to pairs.py."""
from typing import Callable, NamedTuple


class Scene(NamedTuple):
    title: str
    function: Callable  # called with the cast and the languages
    languages: tuple
    table: str = ""  # where the result is shown in a table: its heading, with languages as row and column
