/*
 * Runs a contender with somebody beside it who fills its devices: `filler PROGRAM ARGUMENT...`.
 *
 * The contender takes this process over; the filler is its child and ends with it. Raw frames go past the queueing
 * discipline straight into the device's queue.
 */
#define _GNU_SOURCE /* sendmmsg */
#include "../../c/tap.h"
#include "request.h"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/udp.h>
#include <netinet/in.h>
#include <poll.h>

enum { AT_ONCE = 64, FRAME_MAX = 9014, SEGMENTS_MAX = 64, DATAGRAM_MAX = 65507 };

static const unsigned char HEADER[] = { 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x88, 0xb5 };

static int packets;

/* Puts in up to 64 frames; returns how many went in. */
static uint32_t put(uint32_t index, uint32_t count, uint32_t length)
{
	static unsigned char frame[FRAME_MAX];
	struct mmsghdr messages[AT_ONCE] = { 0 };
	struct sockaddr_ll to = { .sll_family = AF_PACKET, .sll_ifindex = (int)index, .sll_halen = 6 };
	struct iovec part = { frame, length };
	check(length >= sizeof HEADER && length <= FRAME_MAX, "length");
	memcpy(frame, HEADER, sizeof HEADER);
	for (uint32_t i = 0; i < count; i++) {
		struct msghdr header = { .msg_name = &to, .msg_namelen = sizeof to, .msg_iov = &part, .msg_iovlen = 1 };
		messages[i].msg_hdr = header;
	}
	int sent = sendmmsg(packets, messages, count, 0);
	return sent < 0 ? 0 : (uint32_t)sent;
}

static uint32_t raw(struct request request)
{
	uint32_t done = 0;
	while (done < request.count) {
		uint32_t left = request.count - done;
		uint32_t sent = put(request.index, left < AT_ONCE ? left : AT_ONCE, request.length);
		if (sent == 0)
			break;
		done += sent;
	}
	return done;
}

static uint32_t flood(struct request request)
{
	struct pollfd next = { .fd = REQUESTS, .events = POLLIN };
	uint32_t done = 0;
	while (poll(&next, 1, 0) == 0)
		done += put(request.index, AT_ONCE, request.length);
	check(read(REQUESTS, &request, sizeof request) == sizeof request, "request");
	return done;
}

static uint32_t datagrams(struct request request)
{
	static char bytes[DATAGRAM_MAX];
	static int fd = -1;
	int size = (int)request.length;
	uint32_t done = 0, segments = DATAGRAM_MAX / request.length;
	if (segments > SEGMENTS_MAX)
		segments = SEGMENTS_MAX;
	if (fd < 0) {
		struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(9) };
		inet_pton(AF_INET, "10.0.0.2", &to.sin_addr);
		fd = socket(AF_INET, SOCK_DGRAM, 0);
		check(fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof to) == 0, "UDP socket");
	}
	check(setsockopt(fd, IPPROTO_UDP, UDP_SEGMENT, &size, sizeof size) == 0, "UDP_SEGMENT");
	for (uint32_t i = 0; i < request.count; i++) {
		check(send(fd, bytes, segments * request.length, 0) == (ssize_t)(segments * request.length), "send");
		done += segments;
	}
	return done;
}

static void serve(void)
{
	int yes = 1;
	packets = socket(AF_PACKET, SOCK_RAW, 0);
	check(packets >= 0, "packet socket");
	check(setsockopt(packets, SOL_PACKET, PACKET_QDISC_BYPASS, &yes, sizeof yes) == 0, "PACKET_QDISC_BYPASS");
	struct request request;
	while (read(REQUESTS, &request, sizeof request) == sizeof request) {
		uint32_t done = request.kind == RAW ? raw(request)
			: request.kind == FLOOD ? flood(request) : datagrams(request);
		check(write(ANSWERS, &done, sizeof done) == sizeof done, "answer");
	}
}

int main(int count, char **arguments)
{
	int requests[2], answers[2];
	/* Clear of the two numbers that they get. */
	int spare[2] = { open("/dev/null", O_RDONLY), open("/dev/null", O_RDONLY) };
	check(count > 1 && pipe(requests) == 0 && pipe(answers) == 0, "pipe");
	close(spare[0]);
	close(spare[1]);
	pid_t child = fork();
	check(child >= 0, "fork");
	bool contender = child > 0;
	dup2(contender ? requests[1] : requests[0], REQUESTS);
	dup2(contender ? answers[0] : answers[1], ANSWERS);
	for (int end = 0; end < 2; end++) {
		close(requests[end]);
		close(answers[end]);
	}
	if (contender) {
		execvp(arguments[1], arguments + 1);
		check(false, arguments[1]);
	}
	/* The contender's own, which would stay open for who waits for its end. */
	close(STDIN_FILENO);
	close(STDOUT_FILENO);
	serve();
	return 0;
}
