"""A kit comes as an archive; one that does not unpack is refused in words, as one that is no archive is."""

import io
import zipfile

import pytest

from tests.integration.portals.visiting import Visitor, words


def archive_of(*names: str) -> bytes:
    """An archive of files of these names that say nothing."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as kit:
        for name in names:
            kit.writestr(name, "rien")
    return archive.getvalue()


def marked(archive: bytes, *, local: int, central: int, mark: bytes) -> bytes:
    """The archive of one file with two bytes changed in both of its headers."""
    for signature, place in ((b"PK\x03\x04", local), (b"PK\x01\x02", central)):
        at = archive.index(signature) + place
        archive = archive[:at] + mark + archive[at + 2 :]
    return archive


@pytest.mark.parametrize(
    "data",
    [
        archive_of("campaign.toml", "campaign.toml/campaign.toml"),
        marked(archive_of("campaign.toml"), local=6, central=8, mark=b"\x01\x00"),
        marked(archive_of("campaign.toml"), local=8, central=10, mark=b"\x63\x00"),
        archive_of("campaign.toml", "n" * 300),
        archive_of("campaign.toml/brief"),
    ],
    ids=["a file that is a folder", "a password", "an unknown compression", "a name that is too long", "a brief that is a folder"],
)
def test_an_archive_that_does_not_unpack_is_refused_in_words(marion: Visitor, data: bytes) -> None:
    advertiser = marion.form("/manager/campaigns/new", "kit-advertiser_id")["kit-advertiser_id"]

    answer = marion.send("/manager/campaigns/new/kit", {"kit-advertiser_id": advertiser}, **{"kit-file": (io.BytesIO(data), "kit.zip")})

    assert answer.status_code == 422
    assert "This is no kit that can be read" in words(answer)
