"""What is typed as the address of a lead PC becomes one; what says it is not encrypted stays so (SYN-1)."""

import pytest

from app.domain.relay import lead_url


@pytest.mark.parametrize(
    ("typed", "url"),
    [
        ("192.168.1.20", "https://192.168.1.20:8446"),
        (" 192。168.1.20：9000 ", "https://192.168.1.20:9000"),
        ("https://192.168.1.20", "https://192.168.1.20:8446"),
        ("https://zhuji:9000/", "https://zhuji:9000"),
        ("[fe80::1]", "https://[fe80::1]:8446"),
        ("[fe80::1]:9000", "https://[fe80::1]:9000"),
        ("http://192.168.1.20", "http://192.168.1.20:8446"),
    ],
)
def test_an_address_is_completed(typed: str, url: str) -> None:
    assert lead_url(typed) == url
    assert lead_url(url) == url
