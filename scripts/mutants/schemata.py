"""Puts many changes into one tree at once, each behind a switch, so that one build serves them all.

The code around a change is written twice, as it is and changed, and MUTANT in the environment chooses by the number of
the change.
"""

from dataclasses import dataclass
from pathlib import Path

from changes import Change
from regions import Region, region_around

SWITCH = "MutantSwitch.swift"
SWITCH_CODE = """\
import Foundation

let mutantOn: Int = {
    let chosen = ProcessInfo.processInfo.environment["MUTANT"] ?? "0"
    if chosen == "planted" { fatalError("The planted change is on.") }
    return Int(chosen) ?? 0
}()

func mutated<T>(
    _ number: Int, _ changed: @autoclosure () throws -> T, _ original: @autoclosure () throws -> T
) rethrows -> T {
    try mutantOn == number ? changed() : original()
}
"""


@dataclass(frozen=True)
class Piece:
    """A part of a written file, and the numbers of the changes to which an error in it is charged."""

    code: str
    owners: frozenset[int] = frozenset()


class Schemata:
    """The changes by their numbers, and the files as they were."""

    def __init__(
        self, tree: Path, changes: dict[int, Change], originals: dict[Path, str]
    ):
        """The originals are of files that are written already."""
        self.tree = tree
        self.originals = dict(originals)
        self.pieces: dict[Path, list[Piece]] = {}
        self.formless: set[int] = set()
        for path in {change.path for change in changes.values()}:
            mine = {
                number: change
                for number, change in changes.items()
                if change.path == path
            }
            self._cut(tree / path, mine)
        self.switches = {tree / change.target / SWITCH for change in changes.values()}

    def _cut(self, file: Path, changes: dict[int, Change]):
        code = self.originals.setdefault(file, file.read_text())
        regions = {
            n: region_around(code, c.place(code), c.old) for n, c in changes.items()
        }
        self.formless |= {
            number for number, region in regions.items() if region is None
        }
        pieces, end = [], 0
        for region in outermost([region for region in regions.values() if region]):
            inside = {
                n: changes[n] for n, r in regions.items() if r and region.holds(r)
            }
            pieces += [Piece(code[end : region.start]), *written(code, region, inside)]
            end = region.end
        self.pieces[file] = [*pieces, Piece(code[end:])]

    def write(self):
        """Leaves alone what is right already, so that it is not compiled again."""
        for file, code in self.originals.items():
            put(
                file,
                "".join(piece.code for piece in self.pieces.get(file, [Piece(code)])),
            )
        for file in self.switches:
            put(file, SWITCH_CODE)

    def restore(self):
        for file, code in self.originals.items():
            put(file, code)
        for file in self.tree.glob(f"Sources/*/{SWITCH}"):
            file.unlink()

    def owners(self, file: Path, line: int, column: int) -> frozenset[int]:
        """The changes to which an error at a place of a written file is charged; all in the file when it is outside."""
        pieces = self.pieces.get(file, [])
        lines = "".join(piece.code for piece in pieces).split("\n")[:line]
        before = (
            lines[-1].encode()[: column - 1].decode(errors="ignore") if lines else ""
        )
        place = sum(len(one) + 1 for one in lines[:-1]) + len(before)
        for piece in pieces:
            if place < len(piece.code) and piece.owners:
                return piece.owners
            if place < len(piece.code):
                break
            place -= len(piece.code)
        return frozenset().union(*(piece.owners for piece in pieces))


def put(file: Path, code: str):
    if not file.exists() or file.read_text() != code:
        file.write_text(code)


def outermost(regions: list[Region]) -> list[Region]:
    found = {
        one
        for one in regions
        if not any(other != one and other.holds(one) for other in regions)
    }
    return sorted(found, key=lambda region: region.start)


def written(code: str, region: Region, changes: dict[int, Change]) -> list[Piece]:
    everybody = frozenset(changes)
    original = Piece(code[region.start : region.end], everybody)
    copies = {
        number: changed(code, region, change) for number, change in changes.items()
    }
    if region.kind == "value":
        pieces = []
        for number, copy in copies.items():
            pieces += [
                Piece(f"mutated({number}, "),
                Piece(copy, frozenset({number})),
                Piece(", "),
            ]
        return [*pieces, original, Piece(")" * len(copies))]
    pieces = [Piece(" ")]
    for number, copy in copies.items():
        pieces += [
            Piece(f"if mutantOn == {number} {{"),
            Piece(copy, frozenset({number})),
            Piece("} else "),
        ]
    return [*pieces, Piece("{", everybody), original, Piece("} ", everybody)]


def changed(code: str, region: Region, change: Change) -> str:
    place = change.place(code)
    return (
        code[region.start : place]
        + change.new
        + code[place + len(change.old) : region.end]
    )
