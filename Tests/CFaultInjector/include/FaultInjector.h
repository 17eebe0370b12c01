#ifndef FAULT_INJECTOR_H
#define FAULT_INJECTOR_H

#include <stdbool.h>

/// The functions of the system that can be made to fail.
enum {
    FAULT_OPEN = 1 << 0,
    FAULT_READ = 1 << 1,
    FAULT_WRITE = 1 << 2,
    FAULT_FSYNC = 1 << 3,
    FAULT_RENAME = 1 << 4,
    FAULT_LINK = 1 << 5,
    FAULT_CLOSE = 1 << 6,
    FAULT_STAT = 1 << 7,
    FAULT_MAP = 1 << 8,
    FAULT_LOCK = 1 << 9,
};

/// Whether calls can be made to fail here.
bool faults_are_injected(void);

/// From now on, until faults_end, counts this thread's calls of some functions and has the one with
/// a number, from 1, fail; with 0 every other one, with -1 none.
///
/// With error 0 the call reads or writes half of the bytes that it was to (at least one).
void faults_begin(int functions, long number, int error);

/// Ends that and returns how many calls there were.
long faults_end(void);

#endif
