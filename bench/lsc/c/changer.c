/*
 * The one who changes links: another process than the one that listens.
 *
 * Reads `INDEX COUNT PAUSE` (microseconds) from its input, sets the interface down and up in turn COUNT times, and
 * prints `CPU TIME ...`: nanoseconds of processor time that the requests took together, and CLOCK_MONOTONIC just
 * before each.
 */
#include "rtnetlink.h"

int main(void)
{
	int fd = open_netlink(0), index;
	unsigned int count, pause;
	while (scanf("%d %u %u", &index, &count, &pause) == 3) {
		uint64_t *times = calloc(count, sizeof *times), spent = 0;
		check(times != NULL, "calloc");
		for (unsigned int number = 0; number < count; number++) {
			struct timespec rest = { pause / 1000000, pause % 1000000 * 1000l };
			nanosleep(&rest, NULL);
			uint64_t before = clock_ns(CLOCK_PROCESS_CPUTIME_ID);
			times[number] = clock_ns(CLOCK_MONOTONIC);
			set_up(fd, index, number % 2 == 1);
			spent += clock_ns(CLOCK_PROCESS_CPUTIME_ID) - before;
		}
		printf("%llu", (unsigned long long)spent);
		for (unsigned int number = 0; number < count; number++)
			printf(" %llu", (unsigned long long)times[number]);
		printf("\n");
		fflush(stdout);
		free(times);
	}
	return 0;
}
