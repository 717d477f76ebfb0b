"""Whether Apple's own processors run a program: their kernel kills one without a code
signature, if only the linker's (ad hoc), or with a page that is not as it was signed, such
as one that was stripped after that.

    signed.py PROGRAM…

The format is that of Apple's `cs_blobs.h` and `mach-o/loader.h`.
"""

import hashlib
import struct
import sys
from pathlib import Path

FAT = 0xCAFEBABE
MACHO_64 = 0xFEEDFACF
ARM64 = 0x0100000C
LC_CODE_SIGNATURE = 0x1D
EMBEDDED_SIGNATURE = 0xFADE0CC0
CODE_DIRECTORY = 0xFADE0C02
SHA256 = 2


def programs(data):
    """The program for each processor: (processor, its bytes)."""
    if struct.unpack_from(">I", data)[0] != FAT:
        yield struct.unpack_from("<I", data, 4)[0], data
        return
    (count,) = struct.unpack_from(">I", data, 4)
    for index in range(count):
        processor, _, start, length, _ = struct.unpack_from(">5I", data, 8 + 20 * index)
        yield processor, data[start : start + length]


def signature(program):
    """Where the signature begins, or None."""
    magic, _, _, _, count = struct.unpack_from("<5I", program)
    assert magic == MACHO_64, "no 64-bit Mach-O file"
    at = 32
    for _ in range(count):
        command, size = struct.unpack_from("<2I", program, at)
        if command == LC_CODE_SIGNATURE:
            return struct.unpack_from("<I", program, at + 8)[0]
        at += size
    return None


def code_directory(program, start):
    """Where the hashes of the pages are told."""
    magic, _, count = struct.unpack_from(">3I", program, start)
    assert magic == EMBEDDED_SIGNATURE, "no signature where one should be"
    for index in range(count):
        _, offset = struct.unpack_from(">2I", program, start + 12 + 8 * index)
        if struct.unpack_from(">I", program, start + offset)[0] == CODE_DIRECTORY:
            return start + offset
    raise AssertionError("a signature without hashes")


def check(program):
    start = signature(program)
    assert start is not None, "it is not signed"
    at = code_directory(program, start)
    hashes, _, _, count, limit = struct.unpack_from(">5I", program, at + 16)
    size, kind, _, page_bits = struct.unpack_from("4B", program, at + 36)
    assert kind == SHA256, f"hashes of kind {kind}"
    page = 1 << page_bits
    assert limit == start and count == -(-limit // page), "not all of it is signed"
    for index in range(count):
        expected = program[at + hashes + index * size :][:size]
        content = program[index * page : min((index + 1) * page, limit)]
        actual = hashlib.sha256(content).digest()[:size]
        assert actual == expected, f"page {index} is not as it was signed"


def main():
    for path in sys.argv[1:]:
        found = [part for processor, part in programs(Path(path).read_bytes()) if processor == ARM64]
        for program in found:
            try:
                check(program)
            except AssertionError as error:
                sys.exit(f"{path}: {error}")


main()
