// What Swift cannot call: a system call for which glibc has no function, and one of a varying number of arguments.
#pragma once

#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

// As unistd.h has it, where the settings of the compiler let it.
long syscall(long number, ...);

/// As sched_setattr(2) has it: the policy is that of any thread.
struct tare_scheduling {
    uint32_t size;
    uint32_t policy;
    uint64_t flags;
    int32_t niceness;
    uint32_t priority;
    uint64_t runtime;
    uint64_t deadline;
    uint64_t period;
};

/// Gives the thread that asks a niceness, and turns of so many nanoseconds on a processor, which Linux looks at from 6.12 on.
/// Returns 0, or -1 where the system refuses.
static inline int tare_schedule_this_thread(int niceness, uint64_t turn) {
    struct tare_scheduling wanted = {.size = sizeof wanted, .niceness = niceness, .runtime = turn};
    return (int)syscall(SYS_sched_setattr, 0, &wanted, 0);
}

/// Gives the thread that asks a name, of which the system keeps fifteen bytes.
static inline void tare_name_this_thread(const char *name) { prctl(PR_SET_NAME, name); }

/// On how many processors the system may run the thread that asks; 0 where it does not say.
static inline int tare_allowed_processors(void) {
    // 8192 of them, as many as Linux can be built for.
    unsigned long set[128];
    long size = syscall(SYS_sched_getaffinity, 0, sizeof set, set);
    int count = 0;
    for (long word = 0; word < size / (long)sizeof *set; word++) count += __builtin_popcountl(set[word]);
    return count;
}
