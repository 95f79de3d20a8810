/*
 * Bursts as rtap has them: frames behind each other in a slab, each with its virtio-net header in front at a multiple
 * of 64 bytes, told by descriptors; packets and bytes are counted.
 */
#ifndef BURST_H
#define BURST_H

#include "../../c/tap.h"

enum { ALIGNMENT = 64, SLAB = 640 * 1024, ROOM = 65600, FRAMES_MAX = SLAB / 128, SHORTEST = 14 };

struct frame {
	uint32_t offset, length;
};

struct batch {
	_Alignas(ALIGNMENT) unsigned char slab[SLAB];
	struct frame frames[FRAMES_MAX];
};

struct counts {
	uint64_t packets, bytes;
};

static inline uint32_t next_boundary(uint32_t position)
{
	return (position + ALIGNMENT - 1) & ~(uint32_t)(ALIGNMENT - 1);
}

/* Takes up to `max` frames; 0 when there are none. */
static inline uint32_t rx_burst(int fd, struct batch *batch, uint32_t max, struct counts *counts)
{
	uint32_t count = 0;
	for (uint32_t position = 0; count < max && position + ROOM <= SLAB;) {
		ssize_t length = read(fd, batch->slab + position, ROOM);
		if (length < 0) {
			check(errno == EAGAIN, "read");
			break;
		}
		struct frame frame = { position + VIRTIO_NET_HEADER, (uint32_t)length - VIRTIO_NET_HEADER };
		batch->frames[count++] = frame;
		counts->packets++;
		counts->bytes += frame.length;
		position = next_boundary(position + (uint32_t)length);
	}
	return count;
}

/* Sends `count` frames. */
static inline void tx_burst(int fd, const struct batch *batch, uint32_t count, struct counts *counts)
{
	for (uint32_t i = 0; i < count; i++) {
		struct frame frame = batch->frames[i];
		check(frame.offset >= VIRTIO_NET_HEADER && frame.length >= SHORTEST &&
		      (uint64_t)frame.offset + frame.length <= SLAB, "frame");
		size_t length = VIRTIO_NET_HEADER + frame.length;
		check(write(fd, batch->slab + frame.offset - VIRTIO_NET_HEADER, length) == (ssize_t)length, "write");
		counts->packets++;
		counts->bytes += frame.length;
	}
}

#endif
