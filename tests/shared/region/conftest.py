"""The pack of Yongji, loaded once, and copies of it that a test may break."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import deploy
from shared.region import RegionPack, load_region_pack

YONGJI = Path(deploy.__file__).parent / "regions" / "yongji"

PackCopy = Callable[[], Path]


@pytest.fixture(scope="session")
def yongji() -> RegionPack:
    return load_region_pack(YONGJI)


@pytest.fixture
def copy_of_yongji(tmp_path: Path) -> PackCopy:
    def copy() -> Path:
        return Path(shutil.copytree(YONGJI, tmp_path / "yongji"))

    return copy
