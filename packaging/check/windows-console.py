"""Types at the console of Windows, where all three standard streams are files: the
password is asked for there, and not shown.

    windows-console.py PROGRAM…

PROGRAM starts a `cmd` in a folder with tokenpass.exe and, in `home`, a wallet.
"""

import os
import pty
import select
import sys
import time

PASSWORD = "seven quiet herons"
# What is waited for, and what is typed then; \x7f takes a letter back.
STEPS = [
    (">", "tokenpass.exe sign --home home --host example.com <message >signature 2>errors\r"),
    ("Password:", "seven quiet herx\x7fons\r"),
    (">", "exit\r"),
]


def main(program):
    child, terminal = pty.fork()
    if child == 0:
        os.execvp(program[0], program)
    shown, all_shown = "", ""
    deadline = time.monotonic() + 120
    for wanted, typed in [*STEPS, (None, "")]:
        while wanted is None or wanted not in shown:
            ready, _, _ = select.select([terminal], [], [], deadline - time.monotonic())
            if not ready:
                sys.exit(f"FAILED: waited for {wanted} at the console, was shown: {all_shown!r}")
            try:
                part = os.read(terminal, 4096).decode(errors="replace")
            except OSError:  # the other side is closed
                break
            if not part:
                break
            shown, all_shown = shown + part, all_shown + part
        # The echo of what was typed before is not what is waited for next.
        shown = ""
        for key in typed:
            os.write(terminal, key.encode())
            time.sleep(0.02)
    os.waitpid(child, 0)
    if "her" in all_shown.partition("Password:")[2]:
        sys.exit(f"FAILED: the password is shown: {all_shown!r}")


main(sys.argv[1:])
