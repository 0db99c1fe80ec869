/* Loaded before libfaketime: timers of the kernel stay as they are. libfaketime moves every absolute timerfd by what the
   wall clock is off, also those of the monotonic clocks, and so a service that waits by these would sleep for days. */
#define _GNU_SOURCE
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <unistd.h>

int timerfd_settime(int fd, int flags, const struct itimerspec *new, struct itimerspec *old) {
    return (int)syscall(SYS_timerfd_settime, fd, flags, new, old);
}

int timerfd_gettime(int fd, struct itimerspec *now) { return (int)syscall(SYS_timerfd_gettime, fd, now); }
