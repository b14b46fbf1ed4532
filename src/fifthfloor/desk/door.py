"""Who may come in: one browser at a time, which was given a token once, on this very host and port.

Rule 1: a request for another host is refused, whatever leads to our address (DNS rebinding).
Rule 2: another site's page reaches nothing: neither by reading (the cookie is strict, `Sec-Fetch-Site` is checked)
        nor by writing (the origin is checked, and every form has a token).
Rule 3: what is answered may be kept by nobody, framed by nobody, and runs no script but the desk's own files.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Mapping

from fifthfloor.tasks.secret import fresh_bytes

COOKIE = "desk"
CSRF_FIELD = "token"  # a name that scanners know
CSRF_HEADER = "x-desk"
LAUNCH_SECONDS = 300  # from the start to the first page
_TOKEN_BYTES = 32

HEADERS: tuple[tuple[str, str], ...] = (
    (
        "content-security-policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'",
    ),
    ("cache-control", "no-store"),
    ("referrer-policy", "no-referrer"),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("cross-origin-embedder-policy", "require-corp"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ("x-robots-tag", "noindex"),
    # A browser that is asked for a look ahead, or to spell and translate what stands here, must not ask anybody else.
    ("x-dns-prefetch-control", "off"),
)


class Door:
    """The keys of one desk.

    Args:
        host: "127.0.0.1:PORT", as a browser on this machine writes it.
    """

    def __init__(self, host: str) -> None:
        self.host = host
        self.origin = f"http://{host}"
        self._cookie = ""
        self.csrf = fresh_bytes(_TOKEN_BYTES).hex()
        self._lock = threading.Lock()
        self._closed = False
        self._launch, self._until = "", 0.0
        self.renew()

    def renew(self) -> None:
        """Draw a new launch token: for whoever closed the browser, with which its cookie went.

        Only the window where the desk was started asks for it. Who is inside stays until the token is used.
        """
        with self._lock:
            if not self._closed:
                self._launch, self._until = fresh_bytes(_TOKEN_BYTES).hex(), time.monotonic() + LAUNCH_SECONDS

    @property
    def address(self) -> str:
        """What the browser is opened with, once."""
        return f"{self.origin}/in/{self._launch}"

    def exchange(self, token: str) -> str | None:
        """Take the launch token for the cookie's value; None where it is wrong, too late, or was used already."""
        with self._lock:
            if not self._launch or not same(token, self._launch) or time.monotonic() > self._until:
                return None
            self._launch = ""
            self._cookie = fresh_bytes(_TOKEN_BYTES).hex()
            return self._cookie

    def is_ours(self, cookie: str) -> bool:
        """Say whether a cookie is that of the browser that was let in."""
        return bool(self._cookie) and same(cookie, self._cookie)

    def refused(self, method: str, headers: Mapping[str, str]) -> int:
        """Return the status with which a request is refused before anything of it is looked at; 0 where it is not.

        Args:
            method: of the request.
            headers: with lower-case names.
        """
        if headers.get("host", "") != self.host:
            return 421
        site = headers.get("sec-fetch-site", "")
        if site not in ("", "none", "same-origin"):
            return 403
        origin = headers.get("origin")
        if method in ("GET", "HEAD"):
            return 0 if origin in (None, self.origin) else 403
        # Under "no referrer" a browser calls the origin of its own form "null" (Fetch, 3.2); its site tells then.
        if origin == self.origin or (origin in (None, "null") and site == "same-origin"):
            return 0
        return 403

    def forget(self) -> None:
        """Let nobody in any more."""
        with self._lock:
            self._cookie = self._launch = self.csrf = ""
            self._until, self._closed = 0.0, True


def same(one: str, other: str) -> bool:
    """Compare two secrets; how long it takes tells nothing of either."""
    return hashlib.sha256(one.encode()).digest() == hashlib.sha256(other.encode()).digest()
