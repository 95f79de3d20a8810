/*
 * The judge of what is transmitted: an AF_PACKET socket for frames of ethertype 0x88b5 of all interfaces.
 *
 * Prints `judging`, then a line for each frame: its number, and CLOCK_MONOTONIC when the kernel received it from the
 * device, as the kernel's own timestamp (SO_TIMESTAMPNS) says. Ends with its input.
 */
#include <arpa/inet.h>
#include <linux/if_packet.h>

#include "rtnetlink.h"

int main(void)
{
	unsigned char frame[128];
	int on = 1, fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, htons(0x88b5));
	check(fd >= 0, "AF_PACKET socket");
	check(setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on) == 0, "SO_TIMESTAMPNS");
	printf("judging\n");
	fflush(stdout);
	for (;;) {
		struct pollfd pollers[] = { { fd, POLLIN, 0 }, { STDIN_FILENO, POLLIN, 0 } };
		check(poll(pollers, 2, -1) > 0, "poll");
		if (pollers[1].revents != 0)
			return 0;
		char control[128];
		struct iovec bytes = { frame, sizeof frame };
		struct msghdr message = { .msg_iov = &bytes, .msg_iovlen = 1 };
		message.msg_control = control;
		message.msg_controllen = sizeof control;
		check(recvmsg(fd, &message, 0) >= 18, "recvmsg");
		struct cmsghdr *stamp = CMSG_FIRSTHDR(&message);
		errno = ENODATA;
		check(stamp != NULL && stamp->cmsg_type == SCM_TIMESTAMPNS, "timestamp");
		struct timespec time;
		memcpy(&time, CMSG_DATA(stamp), sizeof time);
		/* The stamp is of CLOCK_REALTIME; the two clocks' distance is taken now, microseconds later. */
		uint64_t offset = clock_ns(CLOCK_REALTIME) - clock_ns(CLOCK_MONOTONIC);
		uint64_t received = (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec - offset;
		uint32_t number;
		memcpy(&number, frame + 14, sizeof number);
		printf("%u %llu\n", number, (unsigned long long)received);
		fflush(stdout);
	}
}
