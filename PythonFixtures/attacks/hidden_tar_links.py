"""The member with the storages is a link: who unpacks it reads another file of the victim's, or writes through it."""
import io
import tarfile

from assembling import integer, pickled

VERDICT, FINDINGS = "suspicious", ["refused"]
INSPECT, FIRES = "unsupportedFormat", {}


def linked(kind, target):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:", format=tarfile.USTAR_FORMAT) as made:
        for word in ("sys_info", "pickle", "tensors"):
            member, content = tarfile.TarInfo(word), pickled(integer(0))
            member.size = len(content)
            made.addfile(member, io.BytesIO(content))
        link = tarfile.TarInfo("storages")
        link.type, link.linkname = kind, target
        made.addfile(link)
    return buffer.getvalue()


def build(canary):
    return {"symbolic.tar": linked(tarfile.SYMTYPE, canary), "hard.tar": linked(tarfile.LNKTYPE, "../../etc/hostname")}
