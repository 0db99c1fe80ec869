"""The files around the code: what they name is there, and they say the same."""

import configparser
import json
import re
import shutil
import subprocess
import tomllib
from datetime import date
from itertools import takewhile
from pathlib import Path

import pytest
import yaml

from harness.service import PROJECT

PAGES = sorted(
    page
    for folder in (".", ".github", "bench", "docs", "docs/channels", "docs/decisions", "examples")
    for page in (PROJECT / folder).glob("*.md")
)
DECISIONS = sorted((PROJECT / "docs" / "decisions").glob("[0-9]*.md"))
CHANGES = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"]
LINE_LENGTH = 120
PROSE_LENGTH = 132


def text(path: str) -> str:
    return (PROJECT / path).read_text()


def found(pattern: str, path: str) -> str:
    match = re.search(pattern, text(path))
    assert match, f"{path} has nothing like {pattern}"
    return match[1]


# Versions


def test_one_version_of_swift_is_named():
    workflow = yaml.safe_load(text(".github/workflows/verify.yml"))
    image = workflow["jobs"]["verify"]["container"]["image"]
    named = {
        "README.md": found(r"\[Swift ([\d.]+)\]", "README.md"),
        "scripts/install-deps": found(r"Swift ([\d.]+) is needed", "scripts/install-deps"),
        "the workflow": ".".join(image.removeprefix("swift:").split(".")[:2]),
    }
    assert len(set(named.values())) == 1, named
    oldest = found(r"swift-tools-version: ([\d.]+)", "Package.swift")
    assert numbers(oldest) <= numbers(named["README.md"])


def test_this_version_of_swift_builds_it():
    if not shutil.which("swift"):
        pytest.skip("swift is not on the PATH.")
    output = subprocess.run(["swift", "--version"], capture_output=True, text=True, check=True, timeout=60).stdout
    used = re.search(r"Swift version ([\d.]+)", output)[1]
    assert numbers(used)[:2] == numbers(found(r"\[Swift ([\d.]+)\]", "README.md"))


def numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def test_every_dependency_has_an_exact_version_and_a_reason():
    packages = re.findall(r"\.package\(\s*url: \"[^\"]*/([\w.-]+)\", (\w+): ", text("Package.swift"))
    assert len(packages) == text("Package.swift").count(".package(")
    assert {how for _, how in packages} == {"exact"}
    rows = re.findall(r"^\| ([\w., -]+) \|", text("docs/decisions/0005-dependencies.md"), re.MULTILINE)
    explained = {name for row in rows for name in row.split(", ")}
    assert [name for name, _ in packages if name not in explained] == []


def test_every_judge_has_an_exact_version():
    lines = text("Tests/Acceptance/requirements.txt").splitlines()
    assert [line for line in lines if not re.fullmatch(r"#.*|[\w-]+==[\d.]+", line)] == []


# Decisions and changes


@pytest.mark.parametrize("page", DECISIONS, ids=lambda page: page.stem)
def test_a_decision_has_number_status_and_date(page: Path):
    title, *head = page.read_text().splitlines()[:4]
    number = int(page.name[:4])
    assert title.startswith(f"# {number}. ")
    assert head[0] == ""
    status = re.fullmatch(r"- \*\*Status:\*\* (proposed|accepted|superseded by \[decision (\d+)\]\((.*)\))", head[1])
    assert status, head[1]
    if status[2]:
        assert int(status[3][:4]) == int(status[2])
        assert f"[decision {number}]({page.name})" in (page.parent / status[3]).read_text()
    dates = re.fullmatch(r"- \*\*Date:\*\* (\S+)(?:; last changed (\S+))?", head[2])
    assert dates, head[2]
    assert [date.fromisoformat(day) for day in dates.groups() if day] == sorted(
        date.fromisoformat(day) for day in dates.groups() if day
    )


def test_the_list_of_decisions_is_complete():
    def row(page: Path) -> str:
        title, _, status, day = page.read_text().splitlines()[:4]
        number, name = title.removeprefix("# ").split(". ", 1)
        word = re.sub(r"\[decision (\d+)\]\(.*\)", r"\1", status.removeprefix("- **Status:** "))
        day = day.removeprefix("- **Date:** ").partition(";")[0]
        return f"| {number} | [{name}]({page.name}) | {word} | {day} |"

    listed = [line for line in text("docs/decisions/README.md").splitlines() if re.match(r"\| \d", line)]
    assert listed == [row(page) for page in DECISIONS]


def test_the_changelog_keeps_its_form():
    lines = text("CHANGELOG.md").splitlines()
    versions = [line for line in lines if line.startswith("## ")]
    assert versions[0] == "## [Unreleased]"
    assert [line for line in versions[1:] if not re.fullmatch(r"## \[\d+\.\d+\.\d+\] - \d{4}-\d{2}-\d{2}", line)] == []
    assert {line.removeprefix("### ") for line in lines if line.startswith("### ")} <= set(CHANGES)
    for place, line in enumerate(lines):
        level = len(line) - len(line.lstrip("#"))
        if level in (3, 4):
            ends = {"#" * count for count in range(1, level + 1)}
            part = list(takewhile(lambda each, ends=ends: each.split(" ")[0] not in ends, lines[place + 1 :]))
            assert any(each.startswith("- ") for each in part), f"{line} has no change"


# What is named is there


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT)))
def test_links_lead_somewhere(page: Path):
    prose = re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text(), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", prose):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        goal = (page.parent / path).resolve() if path else page
        assert goal.exists(), f"{target} is not there"
        if anchor:
            titles = re.findall(r"^#+ (.*)$", goal.read_text(), re.MULTILINE)
            assert anchor in [re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles], target


def test_contributing_lists_the_folders_of_tests():
    listed = re.findall(r"^\| `([a-z]+)` \|", text("CONTRIBUTING.md"), re.MULTILINE)
    acceptance = PROJECT / "Tests" / "Acceptance"
    assert listed == sorted({file.parent.name for file in acceptance.rglob("test_*.py")})
    names = [file.name for file in acceptance.rglob("test_*.py")]
    assert len(names) == len(set(names)), "run-acceptance finds a file by its name alone"


def test_contributing_names_files_that_are_there():
    tables = [line for line in text("CONTRIBUTING.md").splitlines() if line.startswith("| `")]
    tables = [line for line in tables if not re.match(r"\| `[a-z]+` \|", line)]
    named = [path for line in tables for path in re.findall(r"`([^`]+)`", line.split(" | ")[0])]
    assert len(named) > 15
    for path in named:
        # What a new thing is called stands in angle brackets: others like it must be there.
        pattern = re.sub(r"<\w+>", "*", path)
        assert list(PROJECT.glob(pattern)), f"CONTRIBUTING.md names {path}"


# How files look


def test_editors_and_formatters_are_told_the_same():
    rules = configparser.ConfigParser()
    rules.read_string("[top]\n" + text(".editorconfig"))
    swift = json.loads(text(".swift-format"))
    python = tomllib.loads(text("Tests/Acceptance/ruff.toml"))
    assert int(rules["*"]["max_line_length"]) == swift["lineLength"] == python["line-length"] == LINE_LENGTH
    assert int(rules["*"]["indent_size"]) == swift["indentation"]["spaces"] == python.get("indent-width", 4)
    yaml_rules = yaml.safe_load(text(".yamllint.yml"))["rules"]
    assert yaml_rules["line-length"]["max"] == LINE_LENGTH


def test_files_keep_to_the_editorconfig():
    endings = {".c", ".css", ".go", ".js", ".md", ".mjs", ".mk", ".mustache", ".py", ".sql", ".swift", ".yml"}
    folders = ("Sources", "Tests", "Migrations", "bench", "docs", "examples", "scripts", ".github")
    files = [file for folder in folders for file in (PROJECT / folder).rglob("*") if file.suffix in endings]
    files += [*PROJECT.glob("*.md"), PROJECT / "Package.swift", PROJECT / "Makefile"]
    assert len(files) > 300
    wrong = [
        str(file.relative_to(PROJECT))
        for file in files
        if not {"corpus", "golden"} & set(file.parts) and not is_in_form(file)
    ]
    assert wrong == []


def is_in_form(file: Path) -> bool:
    content = file.read_bytes()
    indented_with_tabs = re.search(rb"^\t", content, re.MULTILINE) is not None
    may_have_tabs = file.suffix in {".go", ".mk"} or file.name == "Makefile"
    return (
        (not content or content.endswith(b"\n"))
        and b"\r" not in content
        and not re.search(rb"[ \t]$", content, re.MULTILINE)
        and (may_have_tabs or not indented_with_tabs)
    )


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT)))
def test_prose_has_lines_that_can_be_read(page: Path):
    prose = re.sub(r"^ *```.*?^ *```", "", page.read_text(), flags=re.DOTALL | re.MULTILINE)
    lines = [line for line in prose.splitlines() if not line.lstrip().startswith("|")]
    # Where a link leads does not count: it cannot be broken.
    assert [line for line in lines if len(re.sub(r"\]\([^)]*\)", "]()", line)) > PROSE_LENGTH] == []


BRITISH = (
    "analyse(?!s)|artefact(?!s/)|behaviour|catalogue|centre|colour|defence|favour|fulfil(?!l)|grey|honour|judgement|labelled"
    "|licence|neighbour|programme\\b|whilst|(?:author|categor|custom|initial|maxim|minim|normal|optim|organ|priorit|real"
    "|recogn|serial|special|summar|synchron|util)is(?:e|ed|ing|ation)\\b"
)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT)))
def test_prose_is_in_american_english(page: Path):
    prose = re.sub(r"```.*?```|`[^`\n]*`|\]\([^)]*\)", "", page.read_text(), flags=re.DOTALL)
    assert re.findall(rf"\b\w*(?:{BRITISH})\w*", prose, re.IGNORECASE) == []
    assert re.findall(r"\d %", prose) == [], "percent has no space before it"


def test_cases_that_several_tests_read_are_there_once():
    files = [
        file for folder in ("Tests", "docs", "examples") for file in (PROJECT / folder).rglob("malformed-inputs.json")
    ]
    assert [str(file.relative_to(PROJECT)) for file in files] == ["Tests/Data/malformed-inputs.json"]
