/**
 * What the real kernel's errors say to do, in the words of `crates/rtap-io`; a test compares them.
 *
 * @module
 */

const NO_NAMESPACE =
  'there is no such namespace: `ip netns add NAME` makes /run/netns/NAME, and a process has one while it runs';
const FORBIDDEN =
  'a seccomp filter or security module forbids io_uring, as those of containers do: allow io_uring_setup, io_uring_enter and io_uring_register';

/** By system call and code. */
const HINTS: Readonly<Record<string, string>> = {
  'ioctl TUNSETIFF EPERM':
    'TAP devices need CAP_NET_ADMIN in the namespace of the interface: run as root, or open it in a rootless namespace, NetworkNamespace.create({ rootless: true })',
  'ioctl TUNSETIFF EBUSY': 'an interface of this name exists: choose another name, or adopt: true',
  'ioctl TUNSETIFF EINVAL':
    "the name is not one the kernel takes (a slash, a space, '.'), or names an interface that is no TAP",
  'ioctl TUNSETOFFLOAD EINVAL':
    'this kernel does not do these offloads together: USO4 and USO6 come as a pair, all need the checksum, ECN needs TSO',
  'ioctl SIOCGIFINDEX ENODEV':
    'there is no interface of this name to adopt; leave out adopt to create it',
  'ioctl TUNGETDEVNETNS ENODEV': 'the interface was moved to another network namespace',
  'setns EPERM': 'another network namespace needs CAP_SYS_ADMIN: run as root',
  'connect ENOENT': 'nobody shares a device there',
  'connect ECONNREFUSED': 'nobody listens there any more: share() makes the socket anew',
  'bind EADDRINUSE': 'somebody listens there, or the file is no socket',
  'io_uring_setup EPERM': FORBIDDEN,
  'io_uring_setup EACCES': FORBIDDEN,
  'io_uring_setup ENOSYS':
    'this kernel was built without io_uring or is older than Linux 5.6, or a seccomp filter says so',
  'io_uring_setup ENOMEM':
    'there is no memory for a ring: raise RLIMIT_MEMLOCK (ulimit -l) or the memory limit of the control group',
  'io_uring_setup EMFILE':
    'a ring is an open file, and there are too many: raise RLIMIT_NOFILE (ulimit -n)',
};

/** What to do about a code of a call; undefined when nothing more can be said. */
export function hintOf(code: string, syscall: string): string | undefined {
  if (code === 'EBADF') return 'there is no open file of this number';
  if (syscall.startsWith('open ') && code === 'ENOENT') return NO_NAMESPACE;
  return HINTS[`${syscall} ${code}`];
}
