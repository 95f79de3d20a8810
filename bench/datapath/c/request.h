/*
 * What a contender asks of who fills its device: a request on file 3, the number of frames (or datagrams) that
 * went in on file 4.
 */
#ifndef REQUEST_H
#define REQUEST_H

#include <stdint.h>

enum { REQUESTS = 3, ANSWERS = 4 };

enum kind {
	/* `count` frames of `length` bytes. */
	RAW,
	/* The same without end, until the next request, which gets the answer. */
	FLOOD,
	/* `count` times as many datagrams of `length` bytes as one UDP_SEGMENT takes, to 10.0.0.2. */
	DATAGRAMS,
};

struct request {
	uint32_t kind, index, count, length;
};

#endif
