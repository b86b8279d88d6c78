"""Sending, through apprise: each address of the setting WAREHOUSE_ALERTS is a channel.

An address holds passwords. It is never shown: a channel is named by its place in the setting and
its scheme, and remembered by a hash that is keyed with the home's secret.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote

from orchestration.alerts.message import Message, test_message
from orchestration.settings import Home

if TYPE_CHECKING:
    import apprise

#: Parts of an address that are not longer belong to its form (`to`, `cc`, `25`).
_SHORTEST_SECRET = 3


@dataclass(frozen=True)
class Channel:
    """An address that alerts go to.

    Attributes:
        name: for people: its place in the setting and its scheme.
        id: for the book.
        url: apprise's address; secret.
    """

    name: str
    id: str
    url: str

    def __repr__(self) -> str:
        """The channel without its address."""
        return f"Channel({self.name!r})"


def channels(home: Home) -> list[Channel]:
    """The channels of a home, in the order of the setting."""
    if not home.alerts:
        return []
    # A home without a key has not published yet; it is not for an alert to make one.
    secret = home.known_secret()
    return [
        Channel(
            _place(number, url),
            hmac.new(secret, url.encode(), hashlib.sha256).hexdigest()[:32]
            if secret
            else f"address {number}",
            url,
        )
        for number, url in enumerate(home.alerts, start=1)
    ]


def check_urls(home: Home) -> list[str]:
    """The addresses of WAREHOUSE_ALERTS that apprise does not understand, a sentence each."""
    return [
        f"WAREHOUSE_ALERTS: {_place(number, url)} is not an address that apprise understands. "
        "Write it as apprise's list of services says, with a space between two."
        for number, url in enumerate(home.alerts, start=1)
        if _service(url) is None
    ]


def _place(number: int, url: str) -> str:
    scheme, separator, _ = url.partition("://")
    return f"address {number} ({scheme}://…)" if separator else f"address {number}"


def send(channel: Channel, message: Message) -> str | None:
    """Sends a message; returns why it could not be delivered, None where it was."""
    import apprise

    service = _service(channel.url)
    if service is None:
        return "apprise does not understand the address"
    sender = apprise.Apprise(asset=service.asset)
    sender.add(service)
    kind = apprise.NotifyType.WARNING
    if message.needs_somebody:
        kind = apprise.NotifyType.FAILURE
    elif message.is_good_news:
        kind = apprise.NotifyType.SUCCESS
    result = sender.notify(
        body=message.text,
        title=message.subject,
        notify_type=kind,
        body_format=apprise.NotifyFormat.TEXT,
    )
    if result:
        return None
    said = [str(entry.message) for entry in result.logs()]
    return _without_secrets("; ".join(said) or "no reason was given", channel.url)


def send_test(home: Home) -> dict[str, str | None]:
    """Sends a test message to every channel; channel's name → why it was not delivered."""
    return {channel.name: send(channel, test_message()) for channel in channels(home)}


def _service(url: str) -> apprise.NotifyBase | None:
    import logging

    import apprise

    # Of an address that it refuses it says the address.
    logging.getLogger("apprise").propagate = False
    asset = apprise.AppriseAsset(
        app_id="warehouse", app_desc="The cluster warehouse", storage_mode="memory"
    )
    made: apprise.NotifyBase | None = apprise.Apprise.instantiate(url, asset=asset)
    return made


def _without_secrets(text: str, url: str) -> str:
    """What apprise said, without any part of the address but its host."""
    user, _, host_and_path = url.partition("://")[2].rpartition("@")
    _, *path = re.split(r"[/?]", host_and_path)
    parts = {
        form
        for whole in (user, *path)
        for part in (whole, *re.split(r"[:&=,;]", whole))
        for form in (part, unquote(part))
        if len(part) > _SHORTEST_SECRET
    }
    for part in sorted(parts, key=len, reverse=True):
        text = text.replace(part, "…")
    return text
