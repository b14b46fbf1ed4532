"""Sentences about files that are read or written."""

from __future__ import annotations

ERRORS: dict[str, tuple[str, str]] = {
    "files.missing": ("there is no {path}", "check the path"),
    "files.not_a_file": ("{path} is no ordinary file", "give a file"),
    "files.unreadable": ("{path} cannot be read: {reason:phrase}", "check the path and its permissions"),
    "files.too_large": ("{path} is larger than {limit:bytes}", "give the file that is meant"),
    "files.in_use": (
        "another run or window writes into {path} at this moment",
        "wait until it is done, or give another folder",
    ),
    "files.exists": (
        "{path} is there already",
        "give the name of a file that is not there yet; nothing is overwritten",
    ),
}

SENTENCES: dict[str, str] = {
    "files.would_write": "would be written: {path}",
    "files.no_reason": "the system gives no reason",
    # What a system says as a rule where it refuses (`errors.reason_of`); in English as Linux says it.
    "files.reason.missing": "no such file or directory",
    "files.reason.denied": "permission denied",
    "files.reason.not_permitted": "operation not permitted",
    "files.reason.folder": "is a directory",
    "files.reason.no_folder": "not a directory",
    "files.reason.exists": "file exists",
    "files.reason.not_empty": "directory not empty",
    "files.reason.no_room": "no space left on device",
    "files.reason.quota": "disk quota exceeded",
    "files.reason.too_large": "file too large",
    "files.reason.read_only": "read-only file system",
    "files.reason.busy": "device or resource busy",
    "files.reason.hurt": "input/output error",
    "files.reason.gone": "no such device or address",
    "files.reason.no_device": "no such device",
    "files.reason.too_many_open": "too many open files",
    "files.reason.long_name": "file name too long",
    "files.reason.links": "too many levels of symbolic links",
    "files.reason.invalid": "invalid argument",
    "files.reason.memory": "cannot allocate memory",
    "files.reason.pipe": "broken pipe",
    "files.reason.refused": "connection refused",
    "files.reason.reset": "connection reset by peer",
    "files.reason.no_network": "network is unreachable",
    "files.reason.no_host": "no route to host",
    "files.reason.timed_out": "connection timed out",
}
