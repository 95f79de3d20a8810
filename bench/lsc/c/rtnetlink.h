/*
 * The netlink of a device, in the plainest way there is.
 */
#ifndef RTNETLINK_H
#define RTNETLINK_H

#include "../../c/tap.h"

#include <linux/filter.h>
#include <linux/netlink.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <poll.h>

/* if_link.h, for older headers. */
enum { EXT_FILTER_SKIP_STATS = 1 << 3 };
enum { DATAGRAM = 32768 };

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

/* One queueing discipline instead of one for each queue that the interface might have. */
static inline void use_one_discipline(int fd, int index)
{
	struct {
		struct nlmsghdr header;
		struct tcmsg discipline;
		struct nlattr attribute;
		char kind[12];
	} request = {
		.header = { sizeof request, RTM_NEWQDISC, NLM_F_REQUEST | NLM_F_CREATE | NLM_F_EXCL, 2, 0 },
		.discipline = { .tcm_ifindex = index, .tcm_parent = TC_H_ROOT },
		.attribute = { 15, TCA_KIND },
		.kind = "pfifo_fast",
	};
	check(send(fd, &request, sizeof request, 0) == sizeof request, "send RTM_NEWQDISC");
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
