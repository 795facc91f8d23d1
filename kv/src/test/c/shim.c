// Stands between a program and one folder of its disk. Put in front of the C library by LD_PRELOAD,
// it sees the calls that open, read, write, sync, cut and remove the files of that folder: it
// counts them, makes one of them fail, and keeps a trace of what they changed. Calls on other files
// pass. The program steers it by the functions at the end.
//
// A watched call holds the lock until it is in the trace, so the order there is the order of the
// effects. The calls are made as system calls, which need nothing to be looked up before the C
// library is ready.

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

// With the numbers of Shim.Kind.
enum kind {
  OPEN_TO_READ,
  OPEN_TO_WRITE,
  READ,
  WRITE,
  SYNC,
  SYNC_FOLDER,
  TRUNCATE,
  UNLINK,
  KINDS
};

// With the numbers of Shim.Manner.
enum manner { ONCE, FROM_THEN_ON, HALF_ONCE, HALF_THEN_FROM_THEN_ON };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

// The folder's path without a link in it, or nothing. Set while no watched call is under way.
static char folder[PATH_MAX];
static size_t folder_length;

// The rest is guarded by the lock.
static int trace = -1;
static long calls[KINDS];
static long calls_after_fault[KINDS];
static bool struck;

static struct {
  enum kind kind;
  enum manner manner;
  int error;
  long left; // calls until it strikes; 0 for never
} fault;

// Where a watched path lies below the folder: "." is the folder itself. NULL if it isn't watched.
// The driver and Java name files by absolute paths, so others are not looked at.
static const char *name_below(const char *path) {
  if (folder_length == 0 || strncmp(path, folder, folder_length) != 0) {
    return NULL;
  }
  const char *rest = path + folder_length;
  return *rest == '\0' ? "." : *rest == '/' ? rest + 1 : NULL;
}

// As name_below, for an open file. One that was removed has no place in the folder any more.
static const char *name_of(int fd, char path[PATH_MAX]) {
  if (folder_length == 0) {
    return NULL;
  }
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  long length = syscall(SYS_readlinkat, AT_FDCWD, link, path, PATH_MAX - 1);
  if (length <= 0) {
    return NULL;
  }
  path[length] = '\0';
  return strstr(path, " (deleted)") != NULL ? NULL : name_below(path);
}

static void put(const void *bytes, size_t count) {
  const char *next = bytes;
  while (count > 0) {
    long done = syscall(SYS_write, trace, next, count);
    if (done <= 0) {
      // A trace with a gap would prove nothing.
      abort();
    }
    next += done;
    count -= (size_t) done;
  }
}

static void note(const char *format, ...) __attribute__((format(printf, 1, 2)));

static void note(const char *format, ...) {
  if (trace < 0) {
    return;
  }
  int before = errno;
  char line[PATH_MAX + 100];
  va_list arguments;
  va_start(arguments, format);
  int length = vsnprintf(line, sizeof line, format, arguments);
  va_end(arguments);
  put(line, (size_t) length);
  errno = before;
}

// Locks, counts the call, and says whether it is to fail.
static bool begin(enum kind kind) {
  pthread_mutex_lock(&lock);
  calls[kind]++;
  if (struck) {
    calls_after_fault[kind]++;
  }
  if (fault.left == 0 || fault.kind != kind) {
    return false;
  }
  if (fault.left > 1) {
    fault.left--;
    return false;
  }
  struck = true;
  if (fault.manner == ONCE || fault.manner == HALF_ONCE) {
    fault.left = 0;
  }
  return true;
}

static void end(void) {
  int before = errno;
  pthread_mutex_unlock(&lock);
  errno = before;
}

static int failed(void) {
  errno = fault.error;
  end();
  return -1;
}

static int watched_open(int directory, const char *path, int flags, mode_t mode) {
  const char *name = name_below(path);
  if (name == NULL) {
    return (int) syscall(SYS_openat, directory, path, flags, mode);
  }
  if (begin((flags & O_ACCMODE) == O_RDONLY ? OPEN_TO_READ : OPEN_TO_WRITE)) {
    return failed();
  }
  bool created =
      (flags & O_CREAT) != 0 && syscall(SYS_faccessat, AT_FDCWD, path, F_OK) != 0;
  int fd = (int) syscall(SYS_openat, directory, path, flags, mode);
  if (fd >= 0 && created) {
    note("create %s\n", name);
  } else if (fd >= 0 && (flags & O_TRUNC) != 0) {
    note("truncate %s 0\n", name);
  }
  end();
  return fd;
}

static ssize_t watched_write(int fd, const void *bytes, size_t count, off_t offset) {
  char path[PATH_MAX];
  const char *name = name_of(fd, path);
  bool at_position = offset < 0;
  if (name != NULL) {
    if (begin(WRITE)) {
      if (fault.manner == HALF_THEN_FROM_THEN_ON) {
        fault.manner = FROM_THEN_ON;
      } else if (fault.manner != HALF_ONCE) {
        return failed();
      }
      count = (count + 1) / 2;
    }
    if (at_position) {
      offset = (off_t) syscall(SYS_lseek, fd, 0, SEEK_CUR);
    }
  }
  long done = at_position ? syscall(SYS_write, fd, bytes, count)
                          : syscall(SYS_pwrite64, fd, bytes, count, offset);
  if (name != NULL) {
    if (done > 0) {
      note("write %s %ld %ld\n", name, (long) offset, done);
      if (trace >= 0) {
        put(bytes, (size_t) done);
      }
    }
    end();
  }
  return done;
}

static ssize_t watched_read(int fd, void *bytes, size_t count, off_t offset) {
  char path[PATH_MAX];
  if (name_of(fd, path) != NULL) {
    if (begin(READ)) {
      return failed();
    }
    end();
  }
  return offset < 0 ? syscall(SYS_read, fd, bytes, count)
                    : syscall(SYS_pread64, fd, bytes, count, offset);
}

static int watched_sync(int fd, long call) {
  char path[PATH_MAX];
  const char *name = name_of(fd, path);
  if (name == NULL) {
    return (int) syscall(call, fd);
  }
  if (begin(strcmp(name, ".") == 0 ? SYNC_FOLDER : SYNC)) {
    note("failed-sync %s\n", name);
    return failed();
  }
  int result = (int) syscall(call, fd);
  if (result == 0) {
    note("sync %s\n", name);
  }
  end();
  return result;
}

static int watched_truncate(int fd, off_t length) {
  char path[PATH_MAX];
  const char *name = name_of(fd, path);
  if (name == NULL) {
    return (int) syscall(SYS_ftruncate, fd, length);
  }
  if (begin(TRUNCATE)) {
    return failed();
  }
  int result = (int) syscall(SYS_ftruncate, fd, length);
  if (result == 0) {
    note("truncate %s %ld\n", name, (long) length);
  }
  end();
  return result;
}

// In place of the C library's.

// An open that can create a file has a mode behind its flags.
#define MODE_OF(flags)                                                      \
  mode_t mode = 0;                                                          \
  if (((flags) & O_CREAT) != 0 || ((flags) & O_TMPFILE) == O_TMPFILE) {     \
    va_list arguments;                                                      \
    va_start(arguments, flags);                                             \
    mode = va_arg(arguments, mode_t);                                       \
    va_end(arguments);                                                      \
  }

int open(const char *path, int flags, ...) {
  MODE_OF(flags)
  return watched_open(AT_FDCWD, path, flags, mode);
}

int open64(const char *path, int flags, ...) {
  MODE_OF(flags)
  return watched_open(AT_FDCWD, path, flags, mode);
}

int openat(int directory, const char *path, int flags, ...) {
  MODE_OF(flags)
  return watched_open(directory, path, flags, mode);
}

int openat64(int directory, const char *path, int flags, ...) {
  MODE_OF(flags)
  return watched_open(directory, path, flags, mode);
}

ssize_t read(int fd, void *bytes, size_t count) { return watched_read(fd, bytes, count, -1); }

ssize_t pread(int fd, void *bytes, size_t count, off_t offset) {
  return watched_read(fd, bytes, count, offset);
}

ssize_t pread64(int fd, void *bytes, size_t count, off64_t offset) {
  return watched_read(fd, bytes, count, offset);
}

ssize_t write(int fd, const void *bytes, size_t count) {
  return watched_write(fd, bytes, count, -1);
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t offset) {
  return watched_write(fd, bytes, count, offset);
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t offset) {
  return watched_write(fd, bytes, count, offset);
}

int fsync(int fd) { return watched_sync(fd, SYS_fsync); }

int fdatasync(int fd) { return watched_sync(fd, SYS_fdatasync); }

int ftruncate(int fd, off_t length) { return watched_truncate(fd, length); }

int ftruncate64(int fd, off64_t length) { return watched_truncate(fd, length); }

int unlink(const char *path) {
  const char *name = name_below(path);
  if (name == NULL) {
    return (int) syscall(SYS_unlinkat, AT_FDCWD, path, 0);
  }
  if (begin(UNLINK)) {
    return failed();
  }
  int result = (int) syscall(SYS_unlinkat, AT_FDCWD, path, 0);
  if (result == 0) {
    note("unlink %s\n", name);
  }
  end();
  return result;
}

// For the program. None may be called while others use the folder, except shim_mark, shim_fail and
// those that only tell.

void shim_watch(const char *path) {
  snprintf(folder, sizeof folder, "%s", path);
  folder_length = strlen(folder);
}

void shim_trace(const char *path) {
  trace = (int) syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  if (trace < 0) {
    abort();
  }
}

// Writes a line of the program's own into the trace.
void shim_mark(const char *text) {
  pthread_mutex_lock(&lock);
  note("mark %s\n", text);
  end();
}

// Lets the nth call of that kind from now on fail, and all counts start over. With 0, none fails.
void shim_fail(int kind, int manner, int error, long nth) {
  pthread_mutex_lock(&lock);
  fault.kind = (enum kind) kind;
  fault.manner = (enum manner) manner;
  fault.error = error;
  fault.left = nth;
  struck = false;
  memset(calls, 0, sizeof calls);
  memset(calls_after_fault, 0, sizeof calls_after_fault);
  end();
}

bool shim_struck(void) {
  pthread_mutex_lock(&lock);
  bool result = struck;
  end();
  return result;
}

long shim_calls(int kind) {
  pthread_mutex_lock(&lock);
  long result = calls[kind];
  end();
  return result;
}

long shim_calls_after_fault(int kind) {
  pthread_mutex_lock(&lock);
  long result = calls_after_fault[kind];
  end();
  return result;
}
