/*
 * Who pings: `COUNT` on its input; prints the round trips to 10.0.0.2 in nanoseconds, one at a time, on one line.
 */
#include "../../c/tap.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <sys/time.h>

struct echo {
	struct icmphdr header;
	unsigned char data[56];
};

static uint16_t checksum_of(const void *bytes, size_t length)
{
	uint32_t sum = 0;
	for (size_t at = 0; at + 1 < length; at += 2) {
		uint16_t word;
		memcpy(&word, (const char *)bytes + at, sizeof word);
		sum += word;
	}
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

static void await_answer(int fd, uint16_t sequence)
{
	unsigned char packet[256];
	for (;;) {
		ssize_t length = recv(fd, packet, sizeof packet, 0);
		check(length >= 0, "no answer");
		struct icmphdr header;
		if ((size_t)length < 20 + sizeof header)
			continue;
		memcpy(&header, packet + 20, sizeof header);
		if (header.type != ICMP_ECHOREPLY || header.un.echo.sequence != htons(sequence))
			continue;
		/* The kernel gives raw sockets what it has not checked. */
		check(checksum_of(packet + 20, (size_t)length - 20) == 0, "wrong checksum");
		return;
	}
}

int main(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET };
	struct timeval patience = { .tv_sec = 2 };
	struct echo request = { .header = { .type = ICMP_ECHO } };
	uint16_t sequence = 0;
	unsigned int count;
	inet_pton(AF_INET, "10.0.0.2", &to.sin_addr);
	int fd = socket(AF_INET, SOCK_RAW, IPPROTO_ICMP);
	check(fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) == 0, "ICMP socket");
	while (scanf("%u", &count) == 1) {
		uint64_t *times = calloc(count, sizeof *times);
		check(times != NULL, "calloc");
		for (unsigned int i = 0; i < count; i++) {
			request.header.un.echo.sequence = htons(++sequence);
			request.header.checksum = 0;
			request.header.checksum = checksum_of(&request, sizeof request);
			uint64_t start = clock_ns(CLOCK_MONOTONIC);
			check(sendto(fd, &request, sizeof request, 0, (struct sockaddr *)&to, sizeof to) > 0, "sendto");
			await_answer(fd, sequence);
			times[i] = clock_ns(CLOCK_MONOTONIC) - start;
		}
		for (unsigned int i = 0; i < count; i++)
			printf("%s%llu", i == 0 ? "" : " ", (unsigned long long)times[i]);
		printf("\n");
		fflush(stdout);
		free(times);
	}
	return 0;
}
