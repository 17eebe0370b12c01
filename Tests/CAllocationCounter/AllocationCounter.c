// Counts the memory that each thread asks for, by standing in front of the allocator of glibc.
//
// The symbols of an executable come before those of its libraries, so these functions serve the
// Swift runtime as well. They leave the work to glibc, under the names that it has for this; what
// they return is freed by glibc's own `free`.

#include "AllocationCounter.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) \
    || __has_feature(memory_sanitizer)
#define SANITIZED 1
#endif
#endif

#if defined(__linux__)
#include <features.h>
#endif

#if defined(__GLIBC__) && !defined(SANITIZED)

#include <errno.h>
#include <stddef.h>

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

// Other ways to find a thread's variable may allocate, and would call themselves without end.
#define COUNTER static _Thread_local __attribute__((tls_model("initial-exec"))) long

COUNTER calls;
COUNTER bytes;

static void note(size_t size) {
    calls += 1;
    bytes += (long)size;
}

void *malloc(size_t size) {
    note(size);
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
    note(count * size);
    return __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size) {
    note(size);
    return __libc_realloc(memory, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
    note(size);
    return __libc_memalign(alignment, size);
}

// Unlike the others, this one says what is wrong and leaves errno alone.
int posix_memalign(void **result, size_t alignment, size_t size) {
    if (alignment % sizeof(void *) != 0 || alignment == 0 || (alignment & (alignment - 1)) != 0)
        return EINVAL;
    note(size);
    int before = errno;
    void *memory = __libc_memalign(alignment, size);
    errno = before;
    if (!memory) return ENOMEM;
    *result = memory;
    return 0;
}

bool allocations_are_counted(void) { return true; }
long allocation_count(void) { return calls; }
long allocated_bytes(void) { return bytes; }

#else

bool allocations_are_counted(void) { return false; }
long allocation_count(void) { return 0; }
long allocated_bytes(void) { return 0; }

#endif
