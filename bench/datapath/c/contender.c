/*
 * The contender in C: does what rtap's does, and no more. `contender 2` has a second thread, asleep: a process with
 * more than one, as Node's is, pays more for every call on a file, in the kernel and in the C library.
 *
 * Commands on its input, an answer of one line each. NS is what the work took, without the filling; SUM is that of the
 * types of all frames: what was looked at in each.
 *   open OFFLOADS                          opens a device (offloads: 0 or 1); prints `NAME INDEX`
 *   rx KIND COUNT LENGTH BURST CHUNKS      drains the first device so often; prints `NS PACKETS BYTES SUM`
 *   tx LENGTH BURST BATCHES                sends so many bursts, each frame with a number; prints the same
 *   forward COUNT LENGTH BURST CHUNKS      from the first to the second device, MAC addresses swapped; the same
 *   echo                                   prints `ready`, answers ICMP echo until the line `stop`; prints how many
 */
#include "burst.h"
#include "request.h"

#include <poll.h>
#include <pthread.h>

enum { DEVICES = 2, TYPE = 12, NUMBER = 14, IP = 14, ICMP_ECHO = 8 };

static struct tap devices[DEVICES];
static int opened;
static struct batch batch;

static void open_device(bool offloads)
{
	check(opened < DEVICES, "devices");
	struct tap tap = open_device_of(IFF_TAP, offloads ? ALL_OFFLOADS : 0);
	set_interface_up(&tap);
	devices[opened++] = tap;
	printf("%s %d\n", tap.name, tap.index);
}

static void ask_filler(struct request request)
{
	uint32_t done;
	check(write(REQUESTS, &request, sizeof request) == sizeof request, "request");
	check(read(ANSWERS, &done, sizeof done) == sizeof done, "answer");
}

static void print(uint64_t time, struct counts counts, uint64_t sum)
{
	printf("%llu %llu %llu %llu\n", (unsigned long long)time, (unsigned long long)counts.packets,
	       (unsigned long long)counts.bytes, (unsigned long long)sum);
}

static void rx(struct request request, uint32_t burst, uint32_t chunks)
{
	struct counts counts = { 0 };
	uint64_t time = 0, sum = 0;
	request.index = (uint32_t)devices[0].index;
	for (uint32_t chunk = 0; chunk < chunks; chunk++) {
		ask_filler(request);
		uint64_t start = clock_ns(CLOCK_MONOTONIC);
		for (uint32_t count; (count = rx_burst(devices[0].queue, &batch, burst, &counts)) > 0;) {
			for (uint32_t i = 0; i < count; i++) {
				const unsigned char *type = batch.slab + batch.frames[i].offset + TYPE;
				sum += (uint64_t)type[0] << 8 | type[1];
			}
		}
		time += clock_ns(CLOCK_MONOTONIC) - start;
	}
	print(time, counts, sum);
}

static void tx(uint32_t length, uint32_t burst, uint32_t batches)
{
	static const unsigned char header[] = { 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x88, 0xb5 };
	struct counts counts = { 0 };
	uint32_t position = 0, number = 0;
	memset(batch.slab, 0, sizeof batch.slab);
	for (uint32_t i = 0; i < burst; i++) {
		struct frame frame = { position + VIRTIO_NET_HEADER, length };
		batch.frames[i] = frame;
		memcpy(batch.slab + frame.offset, header, sizeof header);
		position = next_boundary(frame.offset + length);
	}
	uint64_t start = clock_ns(CLOCK_MONOTONIC);
	for (uint32_t sent = 0; sent < batches; sent++) {
		for (uint32_t i = 0; i < burst; i++, number++)
			memcpy(batch.slab + batch.frames[i].offset + NUMBER, &number, sizeof number);
		tx_burst(devices[0].queue, &batch, burst, &counts);
	}
	print(clock_ns(CLOCK_MONOTONIC) - start, counts, number);
}

static void forward(struct request request, uint32_t burst, uint32_t chunks)
{
	struct counts counts = { 0 }, sent = { 0 };
	uint64_t time = 0;
	request.index = (uint32_t)devices[0].index;
	for (uint32_t chunk = 0; chunk < chunks; chunk++) {
		ask_filler(request);
		uint64_t start = clock_ns(CLOCK_MONOTONIC);
		for (uint32_t count; (count = rx_burst(devices[0].queue, &batch, burst, &counts)) > 0;) {
			for (uint32_t i = 0; i < count; i++) {
				unsigned char *addresses = batch.slab + batch.frames[i].offset, destination[6];
				memcpy(destination, addresses, 6);
				memcpy(addresses, addresses + 6, 6);
				memcpy(addresses + 6, destination, 6);
			}
			tx_burst(devices[1].queue, &batch, count, &sent);
		}
		time += clock_ns(CLOCK_MONOTONIC) - start;
	}
	print(time, counts, sent.packets);
}

/* Makes an answer of an ICMP echo request (IPv4, no options); false when it is something else. */
static bool answer_echo(unsigned char *frame, uint32_t length)
{
	unsigned char *ip = frame + IP, *icmp = ip + 20, kept[6];
	if (length < IP + 28 || frame[TYPE] != 8 || frame[TYPE + 1] != 0 || ip[0] != 0x45 || ip[9] != 1 || icmp[0] != ICMP_ECHO)
		return false;
	memcpy(kept, frame, 6);
	memcpy(frame, frame + 6, 6);
	memcpy(frame + 6, kept, 6);
	memcpy(kept, ip + 12, 4);
	memcpy(ip + 12, ip + 16, 4);
	memcpy(ip + 16, kept, 4);
	icmp[0] = 0;
	/* The type was the high byte of a word: what it loses the checksum gains (RFC 1624). */
	uint32_t checksum = (uint32_t)(icmp[2] << 8 | icmp[3]) + (ICMP_ECHO << 8);
	checksum = (checksum & 0xffff) + (checksum >> 16);
	icmp[2] = (unsigned char)(checksum >> 8);
	icmp[3] = (unsigned char)checksum;
	return true;
}

static void echo(void)
{
	enum { BURST = 64 };
	struct counts received = { 0 }, sent = { 0 };
	struct pollfd files[] = { { .fd = devices[0].queue, .events = POLLIN }, { .fd = STDIN_FILENO, .events = POLLIN } };
	printf("ready\n");
	fflush(stdout);
	for (;;) {
		check(poll(files, 2, -1) > 0, "poll");
		if (files[1].revents != 0)
			break;
		for (uint32_t count; (count = rx_burst(devices[0].queue, &batch, BURST, &received)) > 0;) {
			for (uint32_t i = 0; i < count; i++) {
				if (answer_echo(batch.slab + batch.frames[i].offset, batch.frames[i].length))
					continue;
				batch.frames[i] = batch.frames[--count];
				i--;
			}
			tx_burst(devices[0].queue, &batch, count, &sent);
		}
	}
	check(scanf(" stop") == 0, "stop");
	printf("%llu\n", (unsigned long long)sent.packets);
}

static void *sleep_for_ever(void *argument)
{
	for (;;)
		pause();
	return argument;
}

int main(int count, char **arguments)
{
	pthread_t thread;
	char command[16];
	struct request request = { 0 };
	uint32_t offloads, burst, chunks;
	setvbuf(stdin, NULL, _IONBF, 0);
	if (count > 1 && strcmp(arguments[1], "2") == 0)
		check(pthread_create(&thread, NULL, sleep_for_ever, NULL) == 0, "thread");
	while (scanf("%15s", command) == 1) {
		if (strcmp(command, "open") == 0 && scanf("%u", &offloads) == 1) {
			open_device(offloads != 0);
		} else if (strcmp(command, "rx") == 0 &&
			   scanf("%u%u%u%u%u", &request.kind, &request.count, &request.length, &burst, &chunks) == 5) {
			rx(request, burst, chunks);
		} else if (strcmp(command, "tx") == 0 && scanf("%u%u%u", &request.length, &burst, &chunks) == 3) {
			tx(request.length, burst, chunks);
		} else if (strcmp(command, "forward") == 0 &&
			   scanf("%u%u%u%u", &request.count, &request.length, &burst, &chunks) == 4) {
			request.kind = RAW;
			forward(request, burst, chunks);
		} else if (strcmp(command, "echo") == 0) {
			echo();
		} else {
			fprintf(stderr, "no such command: %s\n", command);
			return 2;
		}
		fflush(stdout);
	}
	return 0;
}
