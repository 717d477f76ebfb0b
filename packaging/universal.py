"""Joins two Mach-O files into a universal one, where there is no `lipo`.

    universal.py X86_64 ARM64 OUT

The format is `struct fat_header` and `struct fat_arch` of <mach-o/fat.h>, big-endian.
"""

import struct
import sys

MAGIC = 0xCAFEBABE
MACH_O_64 = 0xFEEDFACF
ALIGNMENT = 14  # 16 KiB, a page of arm64


def main(inputs, out):
    header = struct.pack(">II", MAGIC, len(inputs))
    offset = 1 << ALIGNMENT
    body = b""
    for path in inputs:
        with open(path, "rb") as file:
            data = file.read()
        magic, cpu, subtype = struct.unpack_from("<Iii", data)
        if magic != MACH_O_64:
            sys.exit(f"{path}: no 64-bit Mach-O file")
        header += struct.pack(">iiIII", cpu, subtype, offset, len(data), ALIGNMENT)
        padding = -len(data) % (1 << ALIGNMENT)
        body += data + bytes(padding)
        offset += len(data) + padding
    with open(out, "wb") as file:
        file.write(header.ljust(1 << ALIGNMENT, b"\0") + body)


main(sys.argv[1:-1], sys.argv[-1])
