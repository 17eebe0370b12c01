// Has calls of the system fail, by standing in front of the functions of the C library.
//
// The symbols of an executable come before those of its libraries, so these functions serve Swift's
// as well. Each thread has its own plan, so that tests on other threads notice nothing.

#define _GNU_SOURCE

#include "FaultInjector.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) \
    || __has_feature(memory_sanitizer)
#define SANITIZED 1
#endif
#endif

#if defined(__linux__) && !defined(SANITIZED)

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

// Other ways to find a thread's variable may allocate, and would call themselves without end.
#define PLAN static _Thread_local __attribute__((tls_model("initial-exec")))

PLAN int functions;
PLAN long number;
PLAN int error;
PLAN long calls;

bool faults_are_injected(void) { return true; }

void faults_begin(int some, long which, int what) {
    functions = some;
    number = which;
    error = what;
    calls = 0;
}

long faults_end(void) {
    functions = 0;
    return calls;
}

// Whether the call that is being made is to fail.
static bool is_due(int function) {
    if (!(functions & function)) return false;
    calls += 1;
    return number == calls || (number == 0 && calls % 2 == 1);
}

// Whether the call fails, with errno set; a shorter size is no failure.
static bool fails(int function, size_t *size) {
    if (!is_due(function)) return false;
    if (error == 0) {
        if (size && *size > 1) *size /= 2;
        return false;
    }
    errno = error;
    return true;
}

ssize_t read(int file, void *memory, size_t size) {
    if (fails(FAULT_READ, &size)) return -1;
    return syscall(SYS_read, file, memory, size);
}

ssize_t pread(int file, void *memory, size_t size, off_t offset) {
    if (fails(FAULT_READ, &size)) return -1;
    return syscall(SYS_pread64, file, memory, size, offset);
}

ssize_t write(int file, const void *memory, size_t size) {
    if (fails(FAULT_WRITE, &size)) return -1;
    return syscall(SYS_write, file, memory, size);
}

ssize_t pwrite(int file, const void *memory, size_t size, off_t offset) {
    if (fails(FAULT_WRITE, &size)) return -1;
    return syscall(SYS_pwrite64, file, memory, size, offset);
}

int fsync(int file) {
    if (fails(FAULT_FSYNC, NULL)) return -1;
    return (int)syscall(SYS_fsync, file);
}

int rename(const char *from, const char *to) {
    if (fails(FAULT_RENAME, NULL)) return -1;
    return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}

int linkat(int from_folder, const char *from, int to_folder, const char *to, int flags) {
    if (fails(FAULT_LINK, NULL)) return -1;
    return (int)syscall(SYS_linkat, from_folder, from, to_folder, to, flags);
}

// Linux closes the file also when it says that it could not.
int close(int file) {
    bool failed = fails(FAULT_CLOSE, NULL);
    long result = syscall(SYS_close, file);
    if (!failed) return (int)result;
    errno = error;
    return -1;
}

int open(const char *path, int flags, ...) {
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = (flags & (O_CREAT | O_TMPFILE)) ? va_arg(arguments, mode_t) : 0;
    va_end(arguments);
    if (fails(FAULT_OPEN, NULL)) return -1;
    return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

int fstat(int file, struct stat *status) {
    if (fails(FAULT_STAT, NULL)) return -1;
    return fstatat(file, "", status, AT_EMPTY_PATH);
}

int stat(const char *path, struct stat *status) {
    if (fails(FAULT_STAT, NULL)) return -1;
    return fstatat(AT_FDCWD, path, status, 0);
}

void *mmap(void *address, size_t size, int protection, int flags, int file, off_t offset) {
    if (fails(FAULT_MAP, NULL)) return MAP_FAILED;
    return (void *)syscall(SYS_mmap, address, size, protection, flags, file, offset);
}

int flock(int file, int operation) {
    if (fails(FAULT_LOCK, NULL)) return -1;
    return (int)syscall(SYS_flock, file, operation);
}

#else

bool faults_are_injected(void) { return false; }
void faults_begin(int functions, long number, int error) {}
long faults_end(void) { return 0; }

#endif
