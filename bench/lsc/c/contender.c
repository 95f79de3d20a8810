/*
 * The contender in C: does what rtap does for link-state change, and no more.
 *
 * Commands on its input, an answer of one line each:
 *   device         opens a device, sets it up and subscribes; prints its index
 *   listen COUNT   prints `ready`, then, when it was told of COUNT changes of status: `CPU TIME ...`
 *   open NUMBER    from nothing to a device that is up, subscribed and has sent a frame with this number;
 *                  prints CLOCK_MONOTONIC before it
 *   close          closes that device and its sockets; prints `closed`
 *
 * Its arguments: `one-discipline`, when devices are to have one queueing discipline, as rtap's have; and microseconds
 * that it computes when it was told, as a program does that does something about it.
 */
#include "rtnetlink.h"

struct device {
	struct tap tap;
	int requests, events, status;
};

static bool one_discipline;
static uint64_t work;

/* Subscribes first, then sets up, then asks; what comes before the answer is older than it. */
static struct device open_device(void)
{
	static char bytes[DATAGRAM];
	struct device device = { .tap = open_tap(), .status = -1 };
	device.requests = open_netlink(0);
	if (one_discipline)
		use_one_discipline(device.requests, device.tap.index);
	device.events = open_netlink(RTMGRP_LINK);
	attach_filter(device.events, device.tap.index);
	set_up(device.requests, device.tap.index, true);
	ask(device.events, device.tap.index);
	for (bool answered = false; !answered;) {
		wait_readable(device.events);
		for (size_t length; (length = receive(device.events, bytes, sizeof bytes)) > 0;) {
			device.status = status_of(bytes, length, device.tap.index);
			answered |= ((struct nlmsghdr *)bytes)->nlmsg_seq == 7;
		}
	}
	check(device.status == 1, "the link is not up");
	return device;
}

static void close_device(struct device *device)
{
	close(device->requests);
	close(device->events);
	close_tap(&device->tap);
}

static void send_frame(struct device *device, uint32_t number)
{
	/* virtio-net header, then broadcast from 02:.., of ethertype 0x88b5 (for experiments), its number first. */
	unsigned char frame[VIRTIO_NET_HEADER + 60] = { 0 };
	unsigned char *ethernet = frame + VIRTIO_NET_HEADER;
	memset(ethernet, 0xff, 6);
	ethernet[6] = 0x02;
	ethernet[12] = 0x88;
	ethernet[13] = 0xb5;
	memcpy(ethernet + 14, &number, sizeof number);
	check(write(device->tap.queue, frame, sizeof frame) == sizeof frame, "write");
}

static void compute_for(uint64_t nanoseconds)
{
	uint64_t end = clock_ns(CLOCK_MONOTONIC) + nanoseconds;
	while (clock_ns(CLOCK_MONOTONIC) < end)
		;
}

static void listen_for(struct device *device, unsigned int count)
{
	static char bytes[DATAGRAM];
	uint64_t *times = calloc(count, sizeof *times);
	check(times != NULL, "calloc");
	printf("ready\n");
	fflush(stdout);
	uint64_t before = clock_ns(CLOCK_PROCESS_CPUTIME_ID);
	for (unsigned int told = 0; told < count;) {
		wait_readable(device->events);
		for (size_t length; (length = receive(device->events, bytes, sizeof bytes)) > 0;) {
			int status = status_of(bytes, length, device->tap.index);
			if (status < 0 || status == device->status)
				continue;
			device->status = status;
			if (told < count)
				times[told++] = clock_ns(CLOCK_MONOTONIC);
			compute_for(work);
		}
	}
	printf("%llu", (unsigned long long)(clock_ns(CLOCK_PROCESS_CPUTIME_ID) - before));
	for (unsigned int number = 0; number < count; number++)
		printf(" %llu", (unsigned long long)times[number]);
	printf("\n");
	free(times);
}

int main(int count, char **arguments)
{
	check(count == 3, "two arguments");
	one_discipline = strcmp(arguments[1], "one-discipline") == 0;
	work = 1000 * strtoull(arguments[2], NULL, 10);
	struct device watched = { 0 }, opened = { 0 };
	char command[16];
	unsigned int number;
	while (scanf("%15s", command) == 1) {
		if (strcmp(command, "device") == 0) {
			watched = open_device();
			printf("%d\n", watched.tap.index);
		} else if (strcmp(command, "listen") == 0 && scanf("%u", &number) == 1) {
			listen_for(&watched, number);
		} else if (strcmp(command, "open") == 0 && scanf("%u", &number) == 1) {
			uint64_t start = clock_ns(CLOCK_MONOTONIC);
			opened = open_device();
			send_frame(&opened, number);
			printf("%llu\n", (unsigned long long)start);
		} else if (strcmp(command, "close") == 0) {
			close_device(&opened);
			printf("closed\n");
		} else {
			fprintf(stderr, "no such command: %s\n", command);
			return 2;
		}
		fflush(stdout);
	}
	return 0;
}
