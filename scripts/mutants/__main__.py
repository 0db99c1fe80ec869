"""Changes one condition, constant or SQL clause at a time, and runs the fast tests on each change.

All changes are built at once, each behind a switch (schemata.py): one build, then the tests once for each change. A
change that no test notices survives: either a test is missing, or the change makes no difference, and then
scripts/mutants.known says why. Settings come from the environment: SEED and COUNT draw the changes, LIST=1 only shows
them, AGAIN=1 takes those that survived the last time, IN_PLACE=1 changes this tree itself, whose build is ready,
instead of a worktree with a build of its own. The sources are restored at the end, even after Ctrl-C.
"""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

from changes import ROOT, Change, drawn, known, named
from schemata import SWITCH, Schemata
from trial import Step, Trial, build, part

WORKTREE = ROOT / ".build" / "mutants"
SURVIVORS = ROOT / ".build" / "mutants-survived"
GOAL = 0.95
ERROR = re.compile(r"^(/[^\n:]+\.swift):(\d+):(\d+): error:", re.MULTILINE)


class Run:
    """One look at some of the changes of a pile."""

    def __init__(self, tree: Path, pile: list[Change], count: int):
        self.tree = tree
        self.pile = dict(enumerate(pile, start=1))
        self.count = count
        self.reasons = known()
        self.fates: dict[int, str] = {}
        self.alone: set[int] = set()
        self.schemata: Schemata | None = None

    def look(self) -> int:
        try:
            if problem := self.build_together() or self.look_at_all(Trial(self.tree)):
                print(problem)
                return 2
        finally:
            if self.schemata:
                self.schemata.restore()
            self.report()
        return 0 if self.share() >= GOAL else 1

    def chosen(self) -> list[int]:
        """The first that compile, and one more for each of which a build of its own has to show whether it does."""
        left = [
            number
            for number in self.pile
            if self.fates.get(number) != "does not compile"
        ]
        return left[: self.count + len(self.alone)]

    def build_together(self) -> str:
        """Takes out what does not compile, until the rest does. Nothing, or why not."""
        while True:
            together = {
                n: self.pile[n]
                for n in self.chosen()
                if n not in self.alone and not self.is_known(n)
            }
            originals = self.schemata.originals if self.schemata else {}
            self.schemata = Schemata(self.tree, together, originals)
            if self.schemata.formless:
                self.alone |= self.schemata.formless
                continue
            begin = time.monotonic()
            self.schemata.write()
            if not (said := build(self.tree)):
                print(
                    f"{len(together)} changes are built together, after {time.monotonic() - begin:.0f} s",
                    flush=True,
                )
                return ""
            if not self.take_out(said):
                return f"The tree does not build:\n{said[-4000:]}"

    def take_out(self, said: str) -> bool:
        """By what the compiler says: a change that has the error by itself, or all that share a function with it."""
        places = {
            (Path(file), int(line), int(column))
            for file, line, column in ERROR.findall(said)
        }
        owners = [self.schemata.owners(*place) for place in places]
        single = {number for owner in owners if len(owner) == 1 for number in owner}
        for number in single:
            self.note(number, "does not compile")
        shared = {number for owner in owners if not owner & single for number in owner}
        self.alone |= shared
        return bool(single or shared)

    def look_at_all(self, trial: Trial) -> str:
        """Nothing, or why the tests cannot be trusted."""
        built = [
            number
            for number in self.chosen()
            if number not in self.alone and not self.is_known(number)
        ]
        if built and not any(
            trial.finds(self.pile[built[0]], "planted", step) for step in Step
        ):
            return "A planted change that ends the program is not found."
        for number in sorted(self.alone):
            self.note(number, self.fate_alone(self.pile[number], trial))
        if self.alone and build(self.tree):
            return "The tree does not build any more."
        left = [number for number in self.chosen() if number not in self.fates]
        return self.look_at_each(left[: self.count - self.judged()], trial)

    def look_at_each(self, numbers: list[int], trial: Trial) -> str:
        """Every change meets the tests that are named like its file first, and only what is left meets more of them."""
        for number in filter(self.is_known, numbers):
            self.note(number, "makes no difference")
        for step in Step:
            left = [number for number in numbers if number not in self.fates]
            begin = time.monotonic()
            if failure := trial.without_changes(
                {part(step, self.pile[number]) for number in left}
            ):
                return f"The tests fail without any change: {failure}"
            print(
                f"{len(left)} changes meet the {step.value} tests,"
                f" which without a change take {time.monotonic() - begin:.0f} s",
                flush=True,
            )
            for number in left:
                if test := trial.finds(self.pile[number], str(number), step):
                    self.note(number, "found", test)
        for number in numbers:
            if number not in self.fates:
                self.note(number, "survived")
        return ""

    def judged(self) -> int:
        return len(self.fates) - len(self.all("does not compile"))

    def fate_alone(self, change: Change, trial: Trial) -> str:
        """By a build of its own, with all others built in and none on, when its switch cannot be written."""
        file = self.tree / change.path
        written = file.read_text()
        code = self.schemata.originals.get(file, written)
        place = change.place(code)
        try:
            file.write_text(code[:place] + change.new + code[place + len(change.old) :])
            if build(self.tree):
                return "does not compile"
            return (
                "found"
                if any(trial.finds(change, "0", step) for step in Step)
                else "survived"
            )
        finally:
            file.write_text(written)

    def is_known(self, number: int) -> bool:
        return self.pile[number].key in self.reasons

    def note(self, number: int, fate: str, test: str = ""):
        self.fates[number] = fate
        by = f" by {test}" if test else ""
        print(f"{number}. {fate}{by}: {self.pile[number]}", flush=True)

    def all(self, fate: str) -> list[Change]:
        return [
            self.pile[number]
            for number in sorted(self.fates)
            if self.fates[number] == fate
        ]

    def share(self) -> float:
        judged = len(self.all("found")) + len(self.all("survived"))
        return len(self.all("found")) / judged if judged else 0

    def report(self):
        found, survived = self.all("found"), self.all("survived")
        print(
            f"\n{len(found)} of {len(found) + len(survived)} are found ({self.share():.0%});"
            f" {len(self.all('makes no difference'))} make no difference,"
            f" {len(self.all('does not compile'))} do not compile,"
            f" {len(self.alone)} had a build of their own"
        )
        for change in survived:
            print(f"SURVIVES {change}\n    {change.key} || why it makes no difference")
        SURVIVORS.write_text("".join(change.key + "\n" for change in survived))


def prepared() -> Path:
    if not os.environ.get("IN_PLACE"):
        git = ["git", "-C", str(ROOT)]
        if not WORKTREE.exists():
            subprocess.run(
                [*git, "worktree", "add", "--detach", str(WORKTREE), "HEAD"], check=True
            )
        head = subprocess.run(
            [*git, "rev-parse", "HEAD"], check=True, capture_output=True, text=True
        ).stdout.strip()
        checkout = ["checkout", "--quiet", "--detach", "--force", head]
        subprocess.run(["git", "-C", str(WORKTREE), *checkout], check=True)
        return WORKTREE
    if left := list(ROOT.glob(f"Sources/*/{SWITCH}")):
        sys.exit(
            f"{left[0]} is left of a run that was killed: restore Sources by git, and remove it."
        )
    return ROOT


def main() -> int:
    seed, count = int(os.environ.get("SEED") or 1), int(os.environ.get("COUNT") or 60)
    # Some do not compile: others stand behind them.
    pile = drawn(seed, 3 * count)
    if os.environ.get("AGAIN"):
        pile = named(set(SURVIVORS.read_text().splitlines()))
        count = len(pile)
    if os.environ.get("LIST"):
        print("\n".join(str(change) for change in pile[:count]))
        return 0
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    tree = prepared()
    print(f"Seed {seed}: {count} changes, in {tree}", flush=True)
    return Run(tree, pile, count).look()


if __name__ == "__main__":
    sys.exit(main())
