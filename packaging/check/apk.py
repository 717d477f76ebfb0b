"""What `apk add` verifies of a package, where there is no apk: that it is gzip streams of
tar archives, of which the last but one says, in `.PKGINFO`, the SHA-256 of the last one,
and that each file of that has the SHA-1 of its header.

    apk.py PACKAGE

The format is version 2, of Alpine Linux's `apk-package(5)`.
"""

import hashlib
import io
import sys
import tarfile
import zlib


def main(path):
    with open(path, "rb") as file:
        rest = file.read()
    streams = []
    while rest:
        stream = zlib.decompressobj(wbits=31)
        text = stream.decompress(rest) + stream.flush()
        streams.append((rest[: len(rest) - len(stream.unused_data)], text))
        rest = stream.unused_data
    (_, control), (compressed, data) = streams[-2:]
    # A part that another follows has no end of archive.
    with tarfile.open(fileobj=io.BytesIO(control + bytes(1024))) as archive:
        lines = archive.extractfile(".PKGINFO").read().decode().splitlines()
    fields = dict(line.split(" = ", 1) for line in lines if " = " in line)
    digest = hashlib.sha256(compressed).hexdigest()
    if fields["datahash"] != digest:
        sys.exit(f"FAILED: {path}: its datahash is not that of its data, {digest}")
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        for member in filter(tarfile.TarInfo.isreg, archive):
            stated = member.pax_headers["APK-TOOLS.checksum.SHA1"]
            if hashlib.sha1(archive.extractfile(member).read()).hexdigest() != stated:
                sys.exit(f"FAILED: {path}: {member.name} has another checksum")
        archive.getmember(f"usr/bin/{fields['pkgname']}")
    print(f"   {fields['pkgname']} {fields['pkgver']} for {fields['arch']}, as an apk: its checksums are right")


main(sys.argv[1])
