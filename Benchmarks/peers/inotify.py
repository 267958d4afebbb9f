"""Names of the files that are moved into a folder, by inotify through ctypes."""

import ctypes
import os
import struct

MOVED_TO = 0x80
EVENT = struct.Struct("iIII")
_libc = ctypes.CDLL(None, use_errno=True)


class Watch:
    """Watches one folder for files that are moved in."""

    def __init__(self, folder):
        self.descriptor = _libc.inotify_init1(os.O_CLOEXEC)
        if self.descriptor < 0 or _libc.inotify_add_watch(self.descriptor, os.fsencode(folder), MOVED_TO) < 0:
            raise OSError(ctypes.get_errno(), f"cannot watch {folder}")

    def names(self):
        """Waits, and answers with the names that came."""
        data = os.read(self.descriptor, 1 << 18)
        names, at = [], 0
        while at < len(data):
            _, _, _, length = EVENT.unpack_from(data, at)
            at += EVENT.size
            names.append(os.fsdecode(data[at : at + length].rstrip(b"\0")))
            at += length
        return names
