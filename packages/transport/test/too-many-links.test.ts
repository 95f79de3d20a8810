import { expect, it, vi } from 'vitest';
import { watchLink } from '@rtap/transport';
import { MemoryRtnetlink } from '@rtap/transport/testing';
import type * as LinkFilter from '../src/link-filter.ts';

// A kernel that takes programs of two interfaces only: of as many as it really takes each watch makes a longer one.
vi.mock('../src/link-filter.ts', async (original) => {
  const { linkFilter } = await original<typeof LinkFilter>();
  return {
    linkFilter: (ifindexes: Iterable<number>) => {
      const all = [...ifindexes];
      return all.length > 2 ? undefined : linkFilter(all);
    },
  };
});

it('says so while there are more interfaces than a filter can name, and filters again after that', async () => {
  const sockets = new MemoryRtnetlink();
  const told: number[] = [];
  const watch = (ifindex: number): ReturnType<typeof watchLink> =>
    watchLink({
      ...{ sockets, ifindex },
      watcher: {
        onLink: ({ index }) => told.push(index),
        onGone: () => undefined,
        onResync: () => told.push(-1),
      },
    });
  const [first = 0, second = 0, third = 0, foreign = 0] = [1, 2, 3, 4].map((number) =>
    sockets.addLink({ name: `link${number}` }),
  );
  const places = [await watch(first), await watch(second)];
  const filtered = (): boolean => places.every((place) => place.filtered);
  expect(filtered()).toBe(true);
  const another = await watch(third);
  expect(filtered()).toBe(false);
  for (const index of [foreign, third, first]) sockets.changeLink(index, { up: true });
  another.drain();
  expect(told).toEqual([third, first]);
  another.close();
  expect(filtered()).toBe(true);
  for (const place of places) place.close();
});
