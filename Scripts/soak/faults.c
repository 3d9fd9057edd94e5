/* Loaded before a program's libraries (LD_PRELOAD), makes its syncs fail, its disk full, and its clock jump, while a file
 * says so: $TARE_FAULTS names one of 16 bytes, the first of which is 'S' while syncs fail, the second 'F' while the disk is
 * full, and the last eight of which are the seconds by which the clock is ahead. Sockets and pipes are left alone. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static const volatile char *page;

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("TARE_FAULTS");
    int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (file < 0) return;
    void *mapped = mmap(NULL, 16, PROT_READ, MAP_SHARED, file, 0);
    close(file);
    if (mapped != MAP_FAILED) page = mapped;
}

static int fails(int place, char letter) { return page != NULL && page[place] == letter; }

static int is_file(int file) {
    struct stat status;
    return fstat(file, &status) == 0 && S_ISREG(status.st_mode);
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

int fsync(int file) {
    static int (*real)(int);
    if (!real) real = REAL(fsync);
    if (fails(0, 'S')) { errno = EIO; return -1; }
    return real(file);
}

int fdatasync(int file) {
    static int (*real)(int);
    if (!real) real = REAL(fdatasync);
    if (fails(0, 'S')) { errno = EIO; return -1; }
    return real(file);
}

ssize_t write(int file, const void *bytes, size_t count) {
    static ssize_t (*real)(int, const void *, size_t);
    if (!real) real = REAL(write);
    if (fails(1, 'F') && is_file(file)) { errno = ENOSPC; return -1; }
    return real(file, bytes, count);
}

ssize_t pwrite(int file, const void *bytes, size_t count, off_t offset) {
    static ssize_t (*real)(int, const void *, size_t, off_t);
    if (!real) real = REAL(pwrite);
    if (fails(1, 'F') && is_file(file)) { errno = ENOSPC; return -1; }
    return real(file, bytes, count, offset);
}

ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t offset) {
    static ssize_t (*real)(int, const void *, size_t, off64_t);
    if (!real) real = REAL(pwrite64);
    if (fails(1, 'F') && is_file(file)) { errno = ENOSPC; return -1; }
    return real(file, bytes, count, offset);
}

int clock_gettime(clockid_t clock, struct timespec *now) {
    static int (*real)(clockid_t, struct timespec *);
    if (!real) real = REAL(clock_gettime);
    int result = real(clock, now);
    if (result == 0 && clock == CLOCK_REALTIME && page != NULL) {
        int64_t ahead;
        memcpy(&ahead, (const char *)page + 8, sizeof ahead);
        now->tv_sec += ahead;
    }
    return result;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    (void)zone;
    struct timespec exact;
    if (clock_gettime(CLOCK_REALTIME, &exact) != 0) return -1;
    now->tv_sec = exact.tv_sec;
    now->tv_usec = exact.tv_nsec / 1000;
    return 0;
}
