#ifndef ALLOCATION_COUNTER_H
#define ALLOCATION_COUNTER_H

#include <stdbool.h>

/// Whether allocations are counted: on Linux with glibc, and without a sanitizer, which has its own
/// allocator.
bool allocations_are_counted(void);

/// How often this thread has asked for memory so far; a `realloc` counts as one.
long allocation_count(void);

/// How many bytes this thread has asked for so far.
long allocated_bytes(void);

#endif
