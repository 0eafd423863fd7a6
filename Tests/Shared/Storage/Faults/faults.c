/* Faults of the file system for one process, loaded by LD_PRELOAD.
 *
 * STORAGE_FAULT_PATH   part of the path of the files concerned
 * STORAGE_FAULT        CALL:ACTION:FIRST:LAST   the calls concerned, counted from 1
 *   CALL               sync (fsync, fdatasync) | write (write, pwrite)
 *   ACTION             EIO | ENOSPC | SHORT (half of the bytes) | SLOW | KILL
 *                      LOST (of sync: EIO, and what was written since the last sync is undone)
 * STORAGE_FAULT_SLOW   FROM:TO in milliseconds: how long SLOW takes, by chance; 100:100 by itself
 *
 * When a fault that fails a call happens, "fault" is written to standard output, so that its place
 * among the lines of the process is known.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* What a write has overwritten. */
struct change {
    struct change *before;
    ino_t file;
    off_t offset, size;
    size_t count;
    char bytes[];
};

static _Atomic long calls;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct change *changes;

static int concerns(int fd) {
    const char *part = getenv("STORAGE_FAULT_PATH");
    char link[64], path[4096];
    if (!part) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    /* The lock's text is for people only. */
    return strstr(path, part) && !strstr(path, ".lock");
}

/* The action for this call, or NULL. */
static const char *fault(const char *call, int fd, char action[16]) {
    const char *plan = getenv("STORAGE_FAULT");
    char name[16];
    long first, last;
    if (!plan || sscanf(plan, "%15[^:]:%15[^:]:%ld:%ld", name, action, &first, &last) != 4)
        return NULL;
    if (strcmp(name, call) || !concerns(fd)) return NULL;
    long number = atomic_fetch_add(&calls, 1) + 1;
    return number >= first && number <= last ? action : NULL;
}

static int fail(const char *action) {
    if (!strcmp(action, "KILL")) kill(getpid(), SIGKILL);
    syscall(SYS_write, 1, "fault\n", 6);
    errno = !strcmp(action, "ENOSPC") ? ENOSPC : EIO;
    return -1;
}

static int slow(const char *action) {
    const char *range = getenv("STORAGE_FAULT_SLOW");
    long from = 100, to = 100;
    if (strcmp(action, "SLOW")) return 0;
    if (range) sscanf(range, "%ld:%ld", &from, &to);
    long milliseconds = from + (to > from ? random() % (to - from + 1) : 0);
    struct timespec pause = {milliseconds / 1000, milliseconds % 1000 * 1000 * 1000};
    nanosleep(&pause, NULL);
    return 1;
}

static void remember(int fd, size_t count, off_t offset) {
    struct stat status;
    const char *plan = getenv("STORAGE_FAULT");
    if (!plan || !strstr(plan, ":LOST:") || !concerns(fd) || fstat(fd, &status)) return;
    struct change *change = malloc(sizeof *change + count);
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    FILE *file = change ? fopen(link, "r") : NULL;
    if (!file) return;
    change->file = status.st_ino;
    change->offset = offset;
    change->size = status.st_size;
    ssize_t got = pread(fileno(file), change->bytes, count, offset);
    change->count = got > 0 ? (size_t)got : 0;
    fclose(file);
    pthread_mutex_lock(&lock);
    change->before = changes;
    changes = change;
    pthread_mutex_unlock(&lock);
}

/* Forgets the changes of a file since its last sync, or undoes them. */
static void settle(int fd, int undo) {
    struct stat status;
    if (fstat(fd, &status)) return;
    pthread_mutex_lock(&lock);
    struct change **place = &changes;
    while (*place) {
        struct change *change = *place;
        if (change->file != status.st_ino) {
            place = &change->before;
            continue;
        }
        if (undo) {
            syscall(SYS_pwrite64, fd, change->bytes, change->count, change->offset);
            if (ftruncate(fd, change->size)) abort();
        }
        *place = change->before;
        free(change);
    }
    pthread_mutex_unlock(&lock);
}

static int sync_call(const char *name, int fd) {
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
    char buffer[16];
    const char *action = fault("sync", fd, buffer);
    int fails = action && !slow(action);
    settle(fd, fails && !strcmp(action, "LOST"));
    return fails ? fail(action) : real(fd);
}

int fsync(int fd) { return sync_call("fsync", fd); }

int fdatasync(int fd) { return sync_call("fdatasync", fd); }

static size_t shortened(const char *action, size_t count) {
    return !strcmp(action, "SHORT") && count > 1 ? count / 2 : count;
}

ssize_t write(int fd, const void *bytes, size_t count) {
    char buffer[16];
    const char *action = fault("write", fd, buffer);
    if (action && strcmp(action, "SHORT") && !slow(action)) return fail(action);
    return syscall(SYS_write, fd, bytes, action ? shortened(action, count) : count);
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t offset) {
    char buffer[16];
    const char *action = fault("write", fd, buffer);
    if (action && strcmp(action, "SHORT") && !slow(action)) return fail(action);
    remember(fd, count, offset);
    return syscall(SYS_pwrite64, fd, bytes, action ? shortened(action, count) : count, offset);
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t offset) {
    return pwrite64(fd, bytes, count, offset);
}
