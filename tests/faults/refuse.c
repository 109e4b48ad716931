/* Loaded before the C library (LD_PRELOAD): the n-th write, fsync or rename below a folder fails, or kills.

   REFUSE_UNDER names the folder; REFUSE_PLAN a file of six 64-bit numbers that every process of the program shares:
   calls so far, the call that is struck (0: none), how (an errno; 0 kills this process, -1 its whole group), which calls count
   (1 write, 2 fsync, 4 rename and link), whether all later calls are struck too, and seconds by which the clock is wrong. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { WRITE = 1, FSYNC = 2, RENAME = 4 };
static volatile int64_t *plan;
static const char *under;

__attribute__((constructor)) static void begin(void) {
  const char *name = getenv("REFUSE_PLAN");
  under = getenv("REFUSE_UNDER");
  if (!name || !under) return;
  int file = open(name, O_RDWR | O_CLOEXEC);
  if (file < 0) return;
  void *shared = mmap(NULL, 6 * sizeof(int64_t), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  close(file);
  if (shared != MAP_FAILED) plan = shared;
}

static int below(const char *path) { return path && strncmp(path, under, strlen(under)) == 0; }

static int open_below(int file) {
  char link[64], path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = 0;
  return below(path);
}

static int struck(void) {
  int64_t count = __atomic_add_fetch(&plan[0], 1, __ATOMIC_SEQ_CST), at = plan[1];
  if (at == 0 || (plan[4] ? count < at : count != at)) return 0;
  if (plan[2] <= 0) {
    kill(plan[2] ? 0 : getpid(), SIGKILL);
    for (;;) pause();
  }
  errno = (int)plan[2];
  return 1;
}

#define COUNTS(kind, condition) (plan && (plan[3] & (kind)) && (condition) && struck())
#define NEXT(type, name) \
  static type next; \
  if (!next) next = (type)dlsym(RTLD_NEXT, name)

typedef ssize_t (*write_t)(int, const void *, size_t);
ssize_t write(int file, const void *data, size_t size) {
  NEXT(write_t, "write");
  return COUNTS(WRITE, file > 2 && open_below(file)) ? -1 : next(file, data, size);
}

typedef ssize_t (*pwrite_t)(int, const void *, size_t, off64_t);
ssize_t pwrite64(int file, const void *data, size_t size, off64_t at) {
  NEXT(pwrite_t, "pwrite64");
  return COUNTS(WRITE, open_below(file)) ? -1 : next(file, data, size, at);
}
ssize_t pwrite(int file, const void *data, size_t size, off_t at) { return pwrite64(file, data, size, at); }

typedef ssize_t (*writev_t)(int, const struct iovec *, int);
ssize_t writev(int file, const struct iovec *parts, int number) {
  NEXT(writev_t, "writev");
  return COUNTS(WRITE, file > 2 && open_below(file)) ? -1 : next(file, parts, number);
}

typedef int (*file_t)(int);
int fsync(int file) {
  NEXT(file_t, "fsync");
  return COUNTS(FSYNC, open_below(file)) ? -1 : next(file);
}
int fdatasync(int file) {
  NEXT(file_t, "fdatasync");
  return COUNTS(FSYNC, open_below(file)) ? -1 : next(file);
}

typedef int (*names_t)(const char *, const char *);
int rename(const char *from, const char *to) {
  NEXT(names_t, "rename");
  return COUNTS(RENAME, below(to)) ? -1 : next(from, to);
}
int link(const char *from, const char *to) {
  NEXT(names_t, "link");
  return COUNTS(RENAME, below(to)) ? -1 : next(from, to);
}

typedef int (*linkat_t)(int, const char *, int, const char *, int);
int linkat(int one, const char *from, int two, const char *to, int flags) {
  NEXT(linkat_t, "linkat");
  return COUNTS(RENAME, below(to)) ? -1 : next(one, from, two, to, flags);
}

typedef int (*clock_gettime_t)(clockid_t, struct timespec *);
int clock_gettime(clockid_t clock, struct timespec *now) {
  NEXT(clock_gettime_t, "clock_gettime");
  int done = next(clock, now);
  if (done == 0 && plan && clock == CLOCK_REALTIME) now->tv_sec += plan[5];
  return done;
}
