#define _GNU_SOURCE
#include "CPlashShims.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

static volatile sig_atomic_t caught, victim;

static void remember(int signal) {
  int error = errno;
  if (!caught) caught = signal;
  if (victim) kill(victim, SIGKILL);
  errno = error;
}

void plash_kill_when_caught(pid_t process) {
  // In this order: a signal that comes between the two is seen by one of them.
  victim = process;
  if (process && caught) kill(process, SIGKILL);
}

void plash_catch_signals(void) {
  static const int ending[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
  for (size_t i = 0; i < sizeof ending / sizeof *ending; i++) {
    struct sigaction current, catching = {.sa_handler = remember};
    // An ignored one (nohup, a background job of a shell without job control) stays ignored.
    if (sigaction(ending[i], NULL, &current) == 0 && current.sa_handler != SIG_IGN)
      sigaction(ending[i], &catching, NULL);
  }
}

int plash_caught_signal(void) { return caught; }

void plash_die_of(int number) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, number);
  signal(number, SIG_DFL);
  sigprocmask(SIG_UNBLOCK, &set, NULL);
  raise(number);
  _exit(128 + number);
}

void plash_prepare_signals(void) {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  signal(SIGCHLD, SIG_DFL);
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN);
}

static bool output_was_closed = false;

void plash_open_standard_descriptors(void) {
  for (int descriptor = 0; descriptor < 3; descriptor++)
    if (fcntl(descriptor, F_GETFD) < 0 && errno == EBADF) {
      output_was_closed |= descriptor == 1;
      open("/dev/null", O_RDWR);
    }
}

static bool umask_is_own = false;
static mode_t callers_umask;

void plash_take_umask(void) {
  callers_umask = umask(022);
  umask_is_own = true;
}

unsigned plash_callers_umask(void) { return callers_umask; }

void plash_give_umask_back(void) {
  if (umask_is_own) umask(callers_umask);
}

void plash_close_others_on_exec(void) {
  if (plash_close_range(3, ~0u, CLOSE_RANGE_CLOEXEC) == 0) return;
  // Kernels and filters without it. No limit says how far the numbers go: it may have been lowered since.
  DIR *descriptors = opendir("/proc/self/fd");
  for (struct dirent *entry; descriptors && (entry = readdir(descriptors));) {
    int descriptor = atoi(entry->d_name);
    if (descriptor > 2) fcntl(descriptor, F_SETFD, FD_CLOEXEC);
  }
  if (descriptors) closedir(descriptors);
}

bool plash_output_was_closed(void) { return output_was_closed; }

int plash_detach(void) {
  // The session first: the caller's process group may be killed the moment that the caller sees this process end.
  if (setsid() < 0) return -1;
  pid_t process = fork();
  if (process > 0) _exit(0);
  return process;
}

void plash_end_with_parent(void) { prctl(PR_SET_PDEATHSIG, SIGKILL); }

char **plash_environment(void) { return environ; }
