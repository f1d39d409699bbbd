#include "CPlashShims.h"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define OWN_ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define OWN_ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#error "plash needs the audit architecture of this machine here"
#endif

#define LOAD(offset) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offset)
#define IF_EQUAL(value, yes, no) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, yes, no)
#define MASK(bits) BPF_STMT(BPF_ALU | BPF_AND | BPF_K, bits)
#define ALLOW BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
/// The call is not made, and has succeeded.
#define PRETEND BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | 0)

#define PRETEND_CALL(number) IF_EQUAL(number, 0, 1), PRETEND
/// mknod of a device; `argument` is the index of its mode, of which the lower half counts (little-endian machines).
/// Pipes, sockets and files are made.
#define PRETEND_DEVICE(number, argument)                                                                              \
  IF_EQUAL(number, 0, 6), LOAD(offsetof(struct seccomp_data, args) + 8 * (argument)), MASK(S_IFMT),                   \
      IF_EQUAL(S_IFCHR, 1, 0), IF_EQUAL(S_IFBLK, 0, 1), PRETEND, ALLOW

// It looks at nothing but architecture and number of what it lets through, mknod aside: for such calls the kernel keeps
// a bitmap and does not even run the filter (Linux 5.11, seccomp_cache_check_allow() in kernel/seccomp.c).
// Calls of another architecture (32-bit programs) are left alone; those of x32 have bit 30 set and equal none of these.
static const struct sock_filter emulation[] = {
    LOAD(offsetof(struct seccomp_data, arch)),
    IF_EQUAL(OWN_ARCHITECTURE, 1, 0),
    ALLOW,
    LOAD(offsetof(struct seccomp_data, nr)),
    PRETEND_CALL(SYS_fchown),
    PRETEND_CALL(SYS_fchownat),
    PRETEND_CALL(SYS_setuid),
    PRETEND_CALL(SYS_setgid),
    PRETEND_CALL(SYS_setreuid),
    PRETEND_CALL(SYS_setregid),
    PRETEND_CALL(SYS_setresuid),
    PRETEND_CALL(SYS_setresgid),
    PRETEND_CALL(SYS_setfsuid),
    PRETEND_CALL(SYS_setfsgid),
    PRETEND_CALL(SYS_setgroups),
    PRETEND_CALL(SYS_capset),
    PRETEND_DEVICE(SYS_mknodat, 2),
#ifdef SYS_chown
    PRETEND_CALL(SYS_chown),
    PRETEND_CALL(SYS_lchown),
    PRETEND_DEVICE(SYS_mknod, 1),
#endif
    ALLOW,
};

int plash_emulate_root(void) {
  struct sock_fprog program = {sizeof emulation / sizeof *emulation, (struct sock_filter *)emulation};
  // Not slower for the sake of it: the mitigation that this flag turns off is for filters that confine (Linux < 5.16).
  return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_SPEC_ALLOW, &program);
}
