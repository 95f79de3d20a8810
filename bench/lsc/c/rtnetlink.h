/*
 * What the programs in C share: the clock, a device and the netlink of it, in the plainest way there is.
 */
#ifndef RTNETLINK_H
#define RTNETLINK_H

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* if_link.h, for older headers. */
enum { EXT_FILTER_SKIP_STATS = 1 << 3 };
enum { VIRTIO_NET_HEADER = 10, DATAGRAM = 32768 };

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

/* A device as rtap makes it: a detached file that keeps it, and a file for its queue. */
static inline struct tap open_tap(void)
{
	struct tap tap = { .anchor = open_node() };
	struct ifreq request = { .ifr_name = "bench%d" };
	int features, size = VIRTIO_NET_HEADER;
	short flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR | IFF_MULTI_QUEUE;
	check(ioctl(tap.anchor, TUNGETFEATURES, &features) == 0, "TUNGETFEATURES");
	request.ifr_flags = (short)(flags | IFF_TUN_EXCL);
	check(ioctl(tap.anchor, TUNSETIFF, &request) == 0, "TUNSETIFF");
	memcpy(tap.name, request.ifr_name, IFNAMSIZ);
	check(ioctl(tap.anchor, TUNSETVNETHDRSZ, &size) == 0, "TUNSETVNETHDRSZ");
	check(ioctl(tap.anchor, TUNSETOFFLOAD, 0) == 0, "TUNSETOFFLOAD");
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

static inline void close_tap(struct tap *tap)
{
	close(tap->queue);
	close(tap->anchor);
}

static inline int open_netlink(unsigned int groups)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK, .nl_groups = groups };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	check(fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof address) == 0, "netlink socket");
	return fd;
}

/* The filter of rtap: link messages of one interface, and all that is no link message. */
static inline void attach_filter(int fd, int index)
{
	struct sock_filter program[] = {
		{ BPF_LD | BPF_H | BPF_ABS, 0, 0, 4 },
		{ BPF_JMP | BPF_JEQ | BPF_K, 2, 0, __builtin_bswap16(RTM_NEWLINK) },
		{ BPF_JMP | BPF_JEQ | BPF_K, 1, 0, __builtin_bswap16(RTM_DELLINK) },
		{ BPF_RET | BPF_K, 0, 0, 0xffffffff },
		{ BPF_LD | BPF_W | BPF_ABS, 0, 0, 20 },
		{ BPF_JMP | BPF_JEQ | BPF_K, 0, 1, __builtin_bswap32((uint32_t)index) },
		{ BPF_RET | BPF_K, 0, 0, 0xffffffff },
		{ BPF_RET | BPF_K, 0, 0, 0 },
	};
	struct sock_fprog filter = { sizeof program / sizeof *program, program };
	_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "BPF loads are big-endian");
	check(setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter) == 0, "SO_ATTACH_FILTER");
}

/* Sets an interface up or down, and waits for the acknowledgement. */
static inline void set_up(int fd, int index, bool up)
{
	struct {
		struct nlmsghdr header;
		struct ifinfomsg link;
	} request = {
		.header = { sizeof request, RTM_NEWLINK, NLM_F_REQUEST | NLM_F_ACK, 1, 0 },
		.link = { .ifi_index = index, .ifi_flags = up ? IFF_UP : 0, .ifi_change = IFF_UP },
	};
	char answer[DATAGRAM];
	check(send(fd, &request, sizeof request, 0) == sizeof request, "send RTM_NEWLINK");
	check(recv(fd, answer, sizeof answer, 0) > 0, "recv");
	struct nlmsgerr *error = NLMSG_DATA((struct nlmsghdr *)answer);
	errno = -error->error;
	check(((struct nlmsghdr *)answer)->nlmsg_type == NLMSG_ERROR && error->error == 0, "RTM_NEWLINK");
}

/* Asks for an interface; the answer comes on the same socket. */
static inline void ask(int fd, int index)
{
	struct {
		struct nlmsghdr header;
		struct ifinfomsg link;
		struct nlattr attribute;
		uint32_t mask;
	} request = {
		.header = { sizeof request, RTM_GETLINK, NLM_F_REQUEST, 7, 0 },
		.link = { .ifi_index = index },
		.attribute = { 8, IFLA_EXT_MASK },
		.mask = EXT_FILTER_SKIP_STATS,
	};
	check(send(fd, &request, sizeof request, 0) == sizeof request, "send RTM_GETLINK");
}

/* What a datagram says of the interface: 1 up, 0 down, -1 nothing. */
static inline int status_of(char *bytes, size_t length, int index)
{
	int status = -1;
	struct nlmsghdr *header = (struct nlmsghdr *)bytes;
	for (; NLMSG_OK(header, length); header = NLMSG_NEXT(header, length)) {
		struct ifinfomsg *link = NLMSG_DATA(header);
		if (header->nlmsg_type == RTM_NEWLINK && link->ifi_family == AF_UNSPEC && link->ifi_index == index)
			status = (link->ifi_flags & IFF_UP) && (link->ifi_flags & IFF_RUNNING);
	}
	return status;
}

/* Reads one datagram of the kernel without waiting; 0 when there is none. */
static inline size_t receive(int fd, char *bytes, size_t room)
{
	struct sockaddr_nl from;
	socklen_t size = sizeof from;
	for (;;) {
		ssize_t length = recvfrom(fd, bytes, room, MSG_DONTWAIT, (struct sockaddr *)&from, &size);
		if (length < 0 && errno == EAGAIN)
			return 0;
		check(length >= 0, "recvfrom");
		if (from.nl_pid == 0)
			return (size_t)length;
	}
}

/* Waits until the socket has something. */
static inline void wait_readable(int fd)
{
	struct pollfd poller = { .fd = fd, .events = POLLIN };
	check(poll(&poller, 1, -1) == 1, "poll");
}

#endif
