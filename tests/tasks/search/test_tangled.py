"""Chains that lead into another file's clusters: the one whose contents come to their end is whole."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.audit.made import photograph
from tests.cards.cards_made import noise
from tests.cards.exfat_builder import ExfatBuilder, Node

from fifthfloor.tasks.search.recover import recover

PICTURES = {number: photograph(number) for number in (1, 2, 3)}


def chained(builder: ExfatBuilder, name: str, data: bytes, start: int) -> Node:
    node = builder.add(f"DCIM/100CANON/{name}", data, start=start)
    node.no_chain = False
    builder.chain(node.clusters)
    return node


def came_back(builder: ExfatBuilder, tmp_path: Path) -> dict[str, bytes]:
    builder.finish()
    found = recover(builder.path, tmp_path / "out").files
    return {file.path.name: file.path.read_bytes() for file in found if file.whole and "DCIM" in str(file.path)}


@pytest.mark.parametrize("join", [0, 5], ids=["at its start", "in its middle"])
def test_of_two_chains_that_meet_each_photograph_comes_back(join: int, tmp_path: Path) -> None:
    builder = ExfatBuilder(tmp_path / "c.img", 24 << 20, cluster_bytes=4096)
    nodes = {n: chained(builder, f"IMG_000{n}.JPG", data, 200 * n) for n, data in PICTURES.items()}
    builder.fat[nodes[1].clusters[3]] = nodes[2].clusters[join]
    assert came_back(builder, tmp_path) == {f"IMG_000{n}.JPG": data for n, data in PICTURES.items()}


def test_a_deleted_photograph_that_a_visible_chain_runs_into_comes_back_as_the_visible_one(tmp_path: Path) -> None:
    builder = ExfatBuilder(tmp_path / "c.img", 24 << 20, cluster_bytes=4096)
    nodes = {n: chained(builder, f"IMG_000{n}.JPG", data, 200 * n) for n, data in PICTURES.items()}
    builder.delete(nodes[2])
    builder.fat[nodes[1].clusters[3]] = nodes[2].clusters[5]
    assert came_back(builder, tmp_path) == {f"IMG_000{n}.JPG": PICTURES[n] for n in (1, 2)}


def test_a_chain_that_leads_into_clusters_of_nobody_is_not_believed(tmp_path: Path) -> None:
    """The other's chain is broken, too, and claims them no more: the length is right and no cluster is shared."""
    builder = ExfatBuilder(tmp_path / "c.img", 24 << 20, cluster_bytes=4096)
    nodes = {n: chained(builder, f"IMG_000{n}.JPG", data, 200 * n) for n, data in PICTURES.items()}
    short, long = sorted((1, 2), key=lambda n: len(PICTURES[n]))
    builder.fat[nodes[short].clusters[3]] = nodes[long].clusters[4]
    builder.fat[nodes[long].clusters[3]] = nodes[long].clusters[1]
    assert came_back(builder, tmp_path) == {f"IMG_000{n}.JPG": data for n, data in PICTURES.items()}


def test_what_cannot_be_decoded_stays_in_part(tmp_path: Path) -> None:
    """Nothing tells along which way a file of no known form goes on."""
    builder = ExfatBuilder(tmp_path / "c.img", 24 << 20, cluster_bytes=4096)
    nodes = [chained(builder, f"IMG_000{n}.NEF", noise(90_000, n), 200 * n) for n in (1, 2)]
    builder.fat[nodes[0].clusters[3]] = nodes[1].clusters[5]
    assert came_back(builder, tmp_path) == {}
    assert len(list((tmp_path / "out").rglob("*.partial.NEF"))) == 2
