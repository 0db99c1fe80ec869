"""Finds what stands around a place in Swift code: the body of a function, the value of a constant, or one literal."""

import re
from dataclasses import dataclass

WORDS = r"(?:@\w+(?:\(\))?|package|public|private|fileprivate|internal|static|final|override|mutating|nonisolated|lazy)"
DECLARATION = re.compile(
    rf"^[ \t]*(?:{WORDS}(?:\(\w*\))?\s+)*"
    r"(func|init|subscript|var|let|get|set|case|if|guard|for|while|switch|return|do|extension|struct|enum)\b(.*)",
    re.MULTILINE | re.DOTALL,
)
VALUE = re.compile(
    rf"^[ \t]*(?:{WORDS}(?:\(\w*\))?\s+)*(?:let|var)\s+\w+(?:\s*:[^=\n]+)?\s=\s+",
    re.MULTILINE,
)


@dataclass(frozen=True)
class Region:
    kind: str
    start: int
    end: int

    def holds(self, other: "Region") -> bool:
        return self.start <= other.start and other.end <= self.end


def masked(code: str) -> str:
    """The code with comments and texts blanked, places kept: what is left has only brackets that count."""
    out = list(code)
    place = 0
    while place < len(code):
        end = end_of_text(code, place)
        if end == place:
            place += 1
            continue
        out[place:end] = (
            "_" * (end - place) if code[place] != "/" else " " * (end - place)
        )
        place = end
    return "".join(out)


def end_of_text(code: str, place: int) -> int:
    """Where a comment or a text that begins at the place ends; the place itself when none begins there."""
    if code.startswith("//", place):
        end = code.find("\n", place)
        return len(code) if end < 0 else end
    if code.startswith('#"', place):
        return code.index('"#', place) + 2
    if code.startswith('"""', place):
        return code.index('"""', place + 3) + 3
    if code[place] != '"':
        return place
    place += 1
    while code[place] != '"':
        if code.startswith("\\(", place):
            place = end_of_brackets(code, place + 1)
        else:
            place += 2 if code[place] == "\\" else 1
    return place + 1


def end_of_brackets(code: str, place: int) -> int:
    """Where the bracket that opens at the place is closed, in a text with values put in."""
    depth = 0
    while True:
        end = end_of_text(code, place)
        if end > place:
            place = end
            continue
        depth += {"(": 1, ")": -1}.get(code[place], 0)
        place += 1
        if depth == 0:
            return place


def region_around(code: str, place: int, old: str) -> Region | None:
    """What has to be written twice, so that a switch can choose: as it is and changed."""
    shown = masked(code)
    return (
        body_around(shown, place)
        or value_around(shown, place)
        or literal_at(code, place, old)
    )


def body_around(shown: str, place: int) -> Region | None:
    """The body of the innermost function, computed value or initializer."""
    open_braces = []
    for at, letter in enumerate(shown[:place]):
        if letter == "{":
            open_braces.append(at)
        elif letter == "}":
            open_braces.pop()
    for start in reversed(open_braces):
        if opens_a_body(shown, start):
            return Region("body", start + 1, closing(shown, start))
    return None


def opens_a_body(shown: str, brace: int) -> bool:
    """By the last declaration before the brace, seen without what stands in round brackets."""
    head = shown[:brace]
    head = head[max(head.rfind("{"), head.rfind("}")) + 1 :]
    while (shorter := re.sub(r"\([^()]+\)", "()", head)) != head:
        head = shorter
    found = None
    while match := DECLARATION.search(head):
        found, head = match, match[2]
    if found is None:
        return False
    return (
        found[1] in {"func", "init", "subscript", "get", "set"}
        or found[1] == "var"
        and " = " not in found[2]
    )


def closing(shown: str, start: int) -> int:
    depth = 0
    for at in range(start, len(shown)):
        depth += {"{": 1, "}": -1}.get(shown[at], 0)
        if depth == 0:
            return at
    raise ValueError("a brace is never closed")


def value_around(shown: str, place: int) -> Region | None:
    """What a constant or variable of a type begins with."""
    begins = [found.end() for found in VALUE.finditer(shown) if found.end() <= place]
    if not begins:
        return None
    depth, end = 0, begins[-1]
    while end < len(shown):
        depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(shown[end], 0)
        if (
            depth == 0
            and shown[end] == "\n"
            and not re.match(r"\s*[.+\-?:&|]", shown[end:])
        ):
            break
        end += 1
    value = shown[begins[-1] : end].rstrip()
    return (
        Region("value", begins[-1], begins[-1] + len(value))
        if place < begins[-1] + len(value)
        else None
    )


def literal_at(code: str, place: int, old: str) -> Region | None:
    """The value that an argument has when none is given."""
    line = code[code.rfind("\n", 0, place) + 1 : place]
    if (
        not re.fullmatch(r"\d+|true|false", old)
        or not line.endswith("= ")
        or line.lstrip().startswith("case")
    ):
        return None
    return Region("value", place, place + len(old))
