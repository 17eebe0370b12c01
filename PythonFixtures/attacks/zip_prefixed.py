"""Bytes before the archive, as in a self-extracting one: zip programs find it from the end, torch takes the file for a legacy
one. Each sees another file."""
from archives import archive
from assembling import entries, state_dict

VERDICT, FINDINGS = "suspicious", ["prefixedArchive", "refused"]
INSPECT, FIRES = "unrecognizedFormat", {}


def build(canary):
    return {"prefixed.pth": archive(entries(state_dict()), prefix=b"#!/bin/sh\nexit 0\n".ljust(64))}
