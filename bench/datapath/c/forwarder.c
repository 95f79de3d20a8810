/*
 * Passes all that comes from one device on to the other, both ways: `forwarder tap|tun none|gso 1|2 NAMESPACE`.
 *
 * One device is in this process's namespace, the other in that of the path. With gso the kernel leaves super-frames
 * and checksums to us, and we to the other device. 1 or 2: threads. Prints `NAME NAME`, ends with its input.
 */
#define _GNU_SOURCE /* setns */
#include "../../c/tap.h"

#include <poll.h>
#include <pthread.h>
#include <sched.h>

enum { ROOM = 65600, BURST = 64 };

struct way {
	int from, to;
};

/* Passes on what is there, at most a burst, so that the other way has its turn. */
static void pass(struct way way, unsigned char *bytes)
{
	for (int count = 0; count < BURST; count++) {
		ssize_t length = read(way.from, bytes, ROOM);
		if (length < 0)
			return;
		/* A device that is not up yet, or has no memory: the frame is lost, as on a wire. */
		if (write(way.to, bytes, (size_t)length) < 0 && errno != EIO && errno != ENOMEM && errno != ENOBUFS)
			check(false, "write");
	}
}

static void *pass_one_way(void *argument)
{
	static _Thread_local unsigned char bytes[ROOM];
	struct way way = *(struct way *)argument;
	struct pollfd file = { .fd = way.from, .events = POLLIN };
	while (poll(&file, 1, -1) > 0)
		pass(way, bytes);
	return NULL;
}

static void pass_both_ways(const struct way ways[2])
{
	static unsigned char bytes[ROOM];
	struct pollfd files[] = {
		{ .fd = ways[0].from, .events = POLLIN },
		{ .fd = ways[1].from, .events = POLLIN },
		{ .fd = STDIN_FILENO },
	};
	while (poll(files, 3, -1) > 0 && files[2].revents == 0) {
		for (int way = 0; way < 2; way++) {
			if (files[way].revents != 0)
				pass(ways[way], bytes);
		}
	}
}

int main(int count, char **arguments)
{
	check(count == 5, "arguments");
	short kind = strcmp(arguments[1], "tap") == 0 ? IFF_TAP : IFF_TUN;
	unsigned long offloads = strcmp(arguments[2], "gso") == 0 ? ALL_OFFLOADS : 0;
	struct tap one = open_device_of(kind, offloads);
	int netns = open(arguments[4], O_RDONLY | O_CLOEXEC);
	check(netns >= 0 && setns(netns, CLONE_NEWNET) == 0, "setns");
	struct tap other = open_device_of(kind, offloads);
	struct way ways[] = { { one.queue, other.queue }, { other.queue, one.queue } };
	printf("%s %s\n", one.name, other.name);
	fflush(stdout);
	if (strcmp(arguments[3], "1") == 0) {
		pass_both_ways(ways);
		return 0;
	}
	pthread_t threads[2];
	for (int way = 0; way < 2; way++)
		check(pthread_create(&threads[way], NULL, pass_one_way, &ways[way]) == 0, "thread");
	while (getchar() != EOF)
		;
	return 0;
}
