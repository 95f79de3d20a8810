/*
 * What the programs in C share: the clock, errors, and a device.
 */
#ifndef TAP_H
#define TAP_H

#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* if_tun.h, for older headers. */
#ifndef TUN_F_USO4
enum { TUN_F_USO4 = 0x20, TUN_F_USO6 = 0x40 };
#endif

enum { VIRTIO_NET_HEADER = 10 };
/* Checksums and super-frames of TCP and UDP: all that the kernel can leave to who reads. */
enum { ALL_OFFLOADS = TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6 | TUN_F_TSO_ECN | TUN_F_USO4 | TUN_F_USO6 };

static inline uint64_t clock_ns(clockid_t clock)
{
	struct timespec time;
	clock_gettime(clock, &time);
	return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static inline void check(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "%s: %s\n", what, strerror(errno));
	exit(1);
}

struct tap {
	int anchor, queue, index;
	char name[IFNAMSIZ];
};

static inline int open_node(void)
{
	int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	check(fd >= 0, "open /dev/net/tun");
	return fd;
}

/*
 * A device as rtap makes it: a detached file that keeps it, and a file for its queue. `kind` is IFF_TAP or IFF_TUN,
 * `offloads` what the kernel may leave undone in frames to us (TUN_F_CSUM and so on).
 */
static inline struct tap open_device_of(short kind, unsigned long offloads)
{
	struct tap tap = { .anchor = open_node() };
	struct ifreq request = { .ifr_name = "bench%d" };
	int features, size = VIRTIO_NET_HEADER;
	short flags = (short)(kind | IFF_NO_PI | IFF_VNET_HDR | IFF_MULTI_QUEUE);
	check(ioctl(tap.anchor, TUNGETFEATURES, &features) == 0, "TUNGETFEATURES");
	request.ifr_flags = (short)(flags | IFF_TUN_EXCL);
	check(ioctl(tap.anchor, TUNSETIFF, &request) == 0, "TUNSETIFF");
	memcpy(tap.name, request.ifr_name, IFNAMSIZ);
	check(ioctl(tap.anchor, TUNSETVNETHDRSZ, &size) == 0, "TUNSETVNETHDRSZ");
	check(ioctl(tap.anchor, TUNSETOFFLOAD, offloads) == 0, "TUNSETOFFLOAD");
	int probe = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	check(probe >= 0 && ioctl(probe, SIOCGIFINDEX, &request) == 0, "SIOCGIFINDEX");
	tap.index = request.ifr_ifindex;
	close(probe);
	request.ifr_flags = IFF_DETACH_QUEUE;
	check(ioctl(tap.anchor, TUNSETQUEUE, &request) == 0, "TUNSETQUEUE");
	tap.queue = open_node();
	request.ifr_flags = flags;
	check(ioctl(tap.queue, TUNSETIFF, &request) == 0, "TUNSETIFF");
	return tap;
}

static inline struct tap open_tap(void)
{
	return open_device_of(IFF_TAP, 0);
}

static inline void set_interface_up(const struct tap *tap)
{
	struct ifreq request = { 0 };
	memcpy(request.ifr_name, tap->name, IFNAMSIZ);
	int probe = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	check(probe >= 0 && ioctl(probe, SIOCGIFFLAGS, &request) == 0, "SIOCGIFFLAGS");
	request.ifr_flags = (short)(request.ifr_flags | IFF_UP);
	check(ioctl(probe, SIOCSIFFLAGS, &request) == 0, "SIOCSIFFLAGS");
	close(probe);
}

static inline void close_tap(struct tap *tap)
{
	close(tap->queue);
	close(tap->anchor);
}

#endif
