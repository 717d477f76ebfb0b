/* Stands between the program and the C library (`LD_PRELOAD`), and lets the nth of
 * the calls by which files below one folder are changed fail, do half of its work,
 * or be the last. From the environment:
 *
 *   FAULT_FOLDER  the folder, as an absolute path without links
 *   FAULT_LOG     a file that gets the name of each call that was counted, a line each
 *   FAULT_ARMED   if set, a file: nothing is counted until it is there
 *   FAULT_SPARES  if set, the name of a thread whose calls are not counted
 *   FAULT_AT      which call, from 1; without it they are only counted
 *   FAULT         what happens then:
 *     EIO, ENOSPC, EACCES, EMFILE  it fails so, once
 *     gone   it fails with EIO, and so do all changes after it
 *     short  a write does half, and after it the disk is full
 *     torn   a write does half, and the process ends as by `kill -9`
 *     killed the process ends before it
 *
 * To open a file counts as `open` where it must be there, else as `create`. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum verdict { PASS, FAIL, HALF };

static const char *setting(const char *name)
{
    const char *value = getenv(name);
    return value ? value : "";
}

static void die(void)
{
    syscall(SYS_kill, getpid(), SIGKILL);
}

/* The raw calls: the library's own would come back here. */
static void note(const char *call)
{
    int saved = errno;
    int log = syscall(SYS_openat, AT_FDCWD, setting("FAULT_LOG"),
                      O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    char line[32];
    int length = snprintf(line, sizeof line, "%s\n", call);
    syscall(SYS_write, log, line, length);
    syscall(SYS_close, log);
    errno = saved;
}

static int is(const char *one, const char *other)
{
    return strcmp(one, other) == 0;
}

static int needs_room(const char *call)
{
    return is(call, "write") || is(call, "create") || is(call, "mkdir") || is(call, "link");
}

static enum verdict fail(int why)
{
    errno = why;
    return FAIL;
}

static int is_spared(void)
{
    char name[16] = "";
    prctl(PR_GET_NAME, name);
    return is(name, setting("FAULT_SPARES"));
}

/* What becomes of a call. `FAIL` has set `errno`. */
static enum verdict judge(const char *call)
{
    static atomic_long count;
    const char *armed = setting("FAULT_ARMED");
    if (*armed && syscall(SYS_faccessat, AT_FDCWD, armed, F_OK) != 0)
        return PASS;
    if (is_spared())
        return PASS;
    long nth = atomic_fetch_add(&count, 1) + 1, at = atol(setting("FAULT_AT"));
    const char *fault = setting("FAULT");
    note(call);
    if (at == 0 || nth < at)
        return PASS;
    if (is(fault, "gone"))
        return is(call, "open") ? PASS : fail(EIO);
    if (nth > at)
        return is(fault, "short") && needs_room(call) ? fail(ENOSPC) : PASS;
    if (is(fault, "killed"))
        die();
    if (is(fault, "short") || is(fault, "torn"))
        return HALF;
    return fail(is(fault, "EIO")      ? EIO
                : is(fault, "ENOSPC") ? ENOSPC
                : is(fault, "EMFILE") ? EMFILE
                                      : EACCES);
}

static int is_below(const char *path)
{
    const char *folder = setting("FAULT_FOLDER");
    size_t length = strlen(folder);
    return length && strncmp(path, folder, length) == 0 && path[length] == '/';
}

static enum verdict on_path(const char *call, const char *path)
{
    return is_below(path) ? judge(call) : PASS;
}

static enum verdict on_file(const char *call, int file)
{
    char link[32], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = syscall(SYS_readlinkat, AT_FDCWD, link, path, sizeof path - 1);
    if (length < 0)
        return PASS;
    path[length] = 0;
    return on_path(call, path);
}

static int opened(const char *path, int flags, mode_t mode)
{
    if (on_path(flags & O_CREAT ? "create" : "open", path) == FAIL)
        return -1;
    return syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

static mode_t mode_of(int flags, va_list rest)
{
    return flags & O_CREAT ? va_arg(rest, mode_t) : 0;
}

int open(const char *path, int flags, ...)
{
    va_list rest;
    va_start(rest, flags);
    mode_t mode = mode_of(flags, rest);
    va_end(rest);
    return opened(path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
    va_list rest;
    va_start(rest, flags);
    mode_t mode = mode_of(flags, rest);
    va_end(rest);
    return opened(path, flags | O_LARGEFILE, mode);
}

/* How much of a write is done; -1 is nothing. */
static ssize_t measured(int file, size_t length)
{
    switch (on_file("write", file)) {
    case FAIL:
        return -1;
    case HALF:
        return length / 2;
    default:
        return length;
    }
}

static ssize_t written(ssize_t done, size_t asked)
{
    if (done >= 0 && (size_t)done < asked && is(setting("FAULT"), "torn"))
        die();
    return done;
}

ssize_t write(int file, const void *bytes, size_t length)
{
    ssize_t some = measured(file, length);
    return some < 0 ? -1 : written(syscall(SYS_write, file, bytes, some), length);
}

ssize_t pwrite64(int file, const void *bytes, size_t length, off64_t at)
{
    ssize_t some = measured(file, length);
    return some < 0 ? -1 : written(syscall(SYS_pwrite64, file, bytes, some, at), length);
}

/* Only sockets and pipes are written to so: all or nothing. */
ssize_t writev(int file, const struct iovec *parts, int count)
{
    return on_file("write", file) == FAIL ? -1 : syscall(SYS_writev, file, parts, count);
}

int fsync(int file)
{
    return on_file("sync", file) == FAIL ? -1 : syscall(SYS_fsync, file);
}

int fdatasync(int file)
{
    return on_file("sync", file) == FAIL ? -1 : syscall(SYS_fdatasync, file);
}

int ftruncate64(int file, off64_t length)
{
    return on_file("truncate", file) == FAIL ? -1 : syscall(SYS_ftruncate, file, length);
}

int fchmod(int file, mode_t mode)
{
    return on_file("chmod", file) == FAIL ? -1 : syscall(SYS_fchmod, file, mode);
}

int chmod(const char *path, mode_t mode)
{
    return on_path("chmod", path) == FAIL ? -1 : syscall(SYS_fchmodat, AT_FDCWD, path, mode);
}

int mkdir(const char *path, mode_t mode)
{
    return on_path("mkdir", path) == FAIL ? -1 : syscall(SYS_mkdirat, AT_FDCWD, path, mode);
}

int rmdir(const char *path)
{
    if (on_path("remove", path) == FAIL)
        return -1;
    return syscall(SYS_unlinkat, AT_FDCWD, path, AT_REMOVEDIR);
}

int unlink(const char *path)
{
    return on_path("remove", path) == FAIL ? -1 : syscall(SYS_unlinkat, AT_FDCWD, path, 0);
}

int rename(const char *from, const char *to)
{
    if (on_path("rename", to) == FAIL)
        return -1;
    return syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}

int linkat(int from_folder, const char *from, int to_folder, const char *to, int flags)
{
    if (on_path("link", to) == FAIL)
        return -1;
    return syscall(SYS_linkat, from_folder, from, to_folder, to, flags);
}
