"""A release: built twice it is the same, it says what is in it, and its pages of the manual are the commands' own."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.outside import REPOSITORY
from tools.portable.wheels import LOCK
from tools.release import check, man, sbom
from tools.release.build import built

from fifthfloor.cli.group import COMMANDS

MOMENT = 1_795_000_000


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, bytes]]:
    """The last commit, built in two places with different names."""
    if subprocess.run(["git", "-C", str(REPOSITORY), "rev-parse", "HEAD"], capture_output=True, check=False).returncode:
        pytest.skip("not a clone: there is no commit to build")
    folder = tmp_path_factory.mktemp("release")
    return [built(folder / name, Path(sys.executable), str(MOMENT)) for name in ("a", "in another place")]


@pytest.mark.judge("git")
def test_two_builds_are_the_same_bytes(archives: list[dict[str, bytes]]) -> None:
    once, again = archives
    assert {name.split("-")[0] for name in once} == {"fifthfloor", "fifthfloor_theatre"}
    assert sorted(name[-4:] for name in once) == [".whl", ".whl", "r.gz", "r.gz"]
    assert {name: data == again[name] for name, data in once.items()} == dict.fromkeys(once, True)


@pytest.mark.judge("git")
def test_the_wheel_carries_its_bill_and_its_manual(archives: list[dict[str, bytes]]) -> None:
    (wheel,) = (data for name, data in archives[0].items() if name.startswith("fifthfloor-") and name.endswith(".whl"))
    with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
        names = archive.namelist()
        (bill,) = (name for name in names if "/sboms/" in name)
        assert archive.read(bill).decode() == sbom.document()
        manual = {name.rpartition("/")[2] for name in names if "/man/man1/" in name}
        assert {one.date_time[:3] for one in archive.infolist()} == {(2026, 11, 18)}
    assert manual == {"fifthfloor.1", *(f"fifthfloor-{name}.1" for name in COMMANDS)}
    assert not [name for name in names if name.endswith(".pyc") or "/tests/" in name]


@pytest.mark.judge("git")
def test_the_sources_carry_what_is_named_and_nothing_else(archives: list[dict[str, bytes]]) -> None:
    """Six pictures of a trial once lay in the root, and went into every archive."""
    (name,) = (name for name in archives[0] if name.startswith("fifthfloor-") and name.endswith(".tar.gz"))
    with tarfile.open(fileobj=io.BytesIO(archives[0][name])) as archive:
        root = {member.split("/")[1] for member in archive.getnames()}
    named = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    listed = set(named["tool"]["hatch"]["build"]["targets"]["sdist"]["only-include"])
    assert listed <= root <= listed | {"PKG-INFO", ".gitignore"}


def test_the_manual_is_made_where_only_click_is() -> None:
    """A build without network nor dependencies has what `build-system.requires` names, and the standard library."""
    code = """if True:
        import sys
        class Nothing:
            def find_spec(self, name, *_rest):
                if name.partition(".")[0] not in {"fifthfloor", "tools", "click", "colorama", *sys.stdlib_module_names}:
                    raise ModuleNotFoundError(name, name=name)
        sys.meta_path.insert(0, Nothing())
        from tools.release.man import pages
        print(len(pages(0)))
    """
    command = [sys.executable, "-c", code]
    said = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert (said.returncode, said.stdout.strip()) == (0, str(1 + len(COMMANDS))), said.stderr


@pytest.mark.judge("git")
def test_the_source_archive_builds_the_same_wheel(archives: list[dict[str, bytes]], tmp_path: Path) -> None:
    (source,) = (data for name, data in archives[0].items() if name.startswith("fifthfloor-") and name.endswith(".gz"))
    (wheel,) = ((name, data) for name, data in archives[0].items() if name.startswith("fifthfloor-") and "whl" in name)
    with tarfile.open(fileobj=io.BytesIO(source)) as tar:
        tar.extractall(tmp_path, filter="data")
    (folder,) = tmp_path.iterdir()
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path / "out")]
    environment = {"PATH": "/usr/bin:/bin", "SOURCE_DATE_EPOCH": str(MOMENT), "LC_ALL": "C.UTF-8"}
    subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)
    assert (tmp_path / "out" / wheel[0]).read_bytes() == wheel[1]


def test_the_bill_is_that_of_the_lock() -> None:
    assert sbom.SBOM.read_text(encoding="ascii") == sbom.document(), "run: python -m tools.release.sbom"
    bill = json.loads(sbom.document())
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    listed = {(part["name"], part["version"]) for part in bill["components"]}
    assert {(name, version) for name, version, _hashes in sbom.locked()} == listed
    references = {part["bom-ref"] for part in bill["components"]}
    for line in bill["dependencies"]:
        assert set(line["dependsOn"]) <= references
    hashes = {one["value"] for part in bill["components"] for one in part["properties"]}
    assert {line.strip(" \\")[14:] for line in LOCK.read_text().splitlines() if "--hash" in line} <= hashes


def test_every_licence_may_travel_with_ours() -> None:
    assert list(check.licence_faults()) == []
    assert {"numpy", "distributed", "s3fs", "numba"} <= check.needed().keys()


@pytest.mark.parametrize(
    ("licence", "may"),
    [
        ("MIT", True),
        ("Apache-2.0 OR BSD-3-Clause", True),
        ("MPL-2.0 AND MIT", True),
        ("GNU Lesser General Public License v3 (LGPLv3)", True),
        ("LGPL-3.0-or-later", True),
        ("GPL-3.0-only OR MIT", True),
        ("GPL-3.0-only", False),
        ("GPL-2.0-or-later AND MIT", False),
        ("GNU Affero General Public License v3", False),
        ("AGPL-3.0", False),
        ("Proprietary", False),
        ("nothing", False),
    ],
)
def test_which_licences_may(licence: str, may: bool) -> None:
    assert check.may_travel(licence) is may


def a_pip_audit(tmp_path: Path, *told: Mapping[str, object], code: int = 0) -> list[str]:
    """A double that says what it is told to, as pip-audit 2.10 does with `--format json`."""
    double = tmp_path / "pip_audit.py"
    said = json.dumps({"dependencies": told, "fixes": []})
    double.write_text(
        f"import sys\nsys.stderr.write('No known vulnerabilities found\\n')\nprint({said!r})\nsys.exit({code})\n"
    )
    return [sys.executable, str(double)]


def test_an_audit_that_skipped_a_package_is_no_pass(tmp_path: Path) -> None:
    """Of a registry without its database pip-audit skips all, says that it knows of nothing and ends with 0."""
    lock = tmp_path / "lock.txt"
    lock.write_text("Jinja2==3.1.2 \\\n    --hash=sha256:00\nmarkup_safe==3.0.4 \\\n    --hash=sha256:00\n")
    good: list[Mapping[str, object]] = [
        {"name": name, "version": "3", "vulns": []} for name in ("jinja2", "markup-safe")
    ]
    skipped = {"name": "jinja2", "skip_reason": "Dependency not found on PyPI and could not be audited: jinja2 (3.1.2)"}
    known = {"name": "jinja2", "version": "3.1.2", "vulns": [{"id": "CVE-2024-22195", "fix_versions": ["3.1.3"]}]}

    def faults(*told: Mapping[str, object], code: int = 0) -> list[str]:
        return list(check.audit_faults(a_pip_audit(tmp_path, *told, code=code), lock))

    assert faults(*good) == []
    assert faults(skipped, good[1]) == [f"pip-audit: jinja2 was not asked about: {skipped['skip_reason']}"]
    assert faults(good[0]) == ["pip-audit: markup-safe was not asked about: not told of"]
    assert faults(known, good[1], code=1) == ["pip-audit: jinja2 3.1.2: CVE-2024-22195"]
    broken = tmp_path / "broken.py"
    broken.write_text("raise SystemExit('no network')\n")
    assert list(check.audit_faults([sys.executable, str(broken)], lock)) == [
        "pip-audit: no network",
        "pip-audit: ended with 1 and told of no package",
    ]


def test_no_address_stands_for_one_that_is_not_there() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert not project.get("urls"), "an address that is no page of ours must not be in the metadata"
    assert project["keywords"]
    assert not [one for one in project["classifiers"] if one.startswith("License ::")], (
        "PEP 639: the expression says it"
    )


@pytest.mark.judge("groff")
def test_the_manual_is_what_groff_takes(tmp_path: Path) -> None:
    for name, text in man.pages(MOMENT).items():
        (tmp_path / name).write_text(text, encoding="utf-8")
        done = subprocess.run(
            ["groff", "-man", "-Tutf8", "-ww", str(tmp_path / name)], capture_output=True, text=True, check=True
        )
        assert done.stderr == "", (name, done.stderr)
        assert name.removesuffix(".1") in done.stdout


def test_the_manual_orders_the_formatter_nothing_by_accident() -> None:
    assert man._text(".so /etc/passwd") == "\\&.so /etc/passwd"
    assert man._text("'x \\fB --yes") == "\\&'x \\efB \\-\\-yes"
    for text in man.pages(MOMENT).values():
        for line in text.splitlines():
            assert not line.startswith("'")
            assert not line.startswith(".") or line.split()[0] in (".TH", ".SH", ".TP", ".PP", ".B", ".I"), line
