"""Every version of the files for CI that this program ever wrote: one that is none of them was changed by a company."""

import hashlib

from kpibook.reading.own_catalogs import folded

KNOWN = frozenset(
    (
        "03d495a6fb50627ef85daf744ff8256b61604713afa59c333d06905bb3f952b8",
        "1b3d9d8eaa8f9e2033a2d59663f5a5712c5ca18f6e0922ea1b153fc9bd34b9bc",
        "03c192a8c0010f0df0e6a8fc66cc67cfe97a5cee7cc9a8fbfd6086a30b952a27",
        "898bdbc5c481e19ce0d5a939e0f3698da30db3e10acb8a6200f193de50fabce3",
        "14302f457e815f2178ccb5547d5df58d032a7af1786ea50c88a785bc033c10c9",
        "4562f64b6926ae73710ff243715bf85101633862fa9af022bb240d5309717692",
        "0d6e3d55962460622551c6968ff4ae9efe7b2d0e6316c0daee27ab83a4cde8b6",
        "88c16d2f385cebe6626ff881d066225d2428c20c3addf699ce1928079c0f91e2",
        "91f4f3fc5eaeffc8a8d8b0f751cef219a9b45f9e7b79431a56c07112d24210ed",
        "e151c0e3804c54c02ac3ee1f5a7efa10cfdde1d7962eec68febc3ca87dc65e61",
        "a3b39f1d71b8978a18b8e9fd018b07e86cb8ac4792306d8d732c44ad4892c7b7",
        "c1d2ac36e2e185ea4e7eea4dac21b0a77e4419794f0fe5f2563df09efb7e6d39",
        "6ed1b7eae36ca55d0a009539dfdc68138b06fa5477782520a33b8d2d0703312b",
        "8bf3b60ada2a0035157a4ca49146e674128600e1a1d359e0d07dd9b8965ca806",
        "41a0a57d7ad4e7f9f7aa3b1ea75b5441382c7ba600ac50ae9833a33416cf96c2",
        "9ee31255c8575b79e0934696e6039ecba93464e64234a82a929fbc4bd10f7959",
        "a3a5f00eb63bdffca0eb26c72e1d84f7b62ead27ac9d037fee4a9cf1d51834fb",
        "6103ad4f12e99eace4244436614463b514a4c9e62fee8b58b23ce572b79759c1",
        "c241ad0a2e2c10d235c3e0a5a6db0aff885ddb43f8a64f3f9e848322d3b1f225",
        "1085e618b3cfc25a33ac30c0d3d62d050f42f814f7205dc4d0baa41bf26970e7",
    )
)
"""The sha256 of each; a template that changes adds its new one, and the former ones stay."""


def is_own(data: bytes) -> bool:
    """Whether a file is as some version of the program wrote it, whatever its line ends."""
    return hashlib.sha256(folded(data)).hexdigest() in KNOWN
