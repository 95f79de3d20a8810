/**
 * What `ip -o monitor link` prints, read as the story of each link: nothing of ours is used.
 *
 * @module
 */

/** What a line says of a link. */
interface Printed {
  readonly deleted: boolean;
  readonly index: string;
  readonly name: string;
  readonly up: boolean;
  readonly mtu: string | undefined;
  readonly address: string | undefined;
  readonly moved: boolean;
}

/** Reads a line; undefined when it is a message of the bridge, which says nothing of the link's life. */
function read(line: string): Printed | undefined {
  const head = /^(Deleted )?(\d+): ([^:@]+)(?:@[^:]*)?: <([^>]*)>/.exec(line);
  if (head === null) throw new Error(`not the line of an event: ${line}`);
  if (!/ group \S/.test(line)) return undefined;
  const [, deleted, index = '', name = '', flags = ''] = head;
  const words = flags.split(',');
  return {
    deleted: deleted !== undefined,
    index,
    name,
    // The kernel's IFF_RUNNING is told by its absence.
    up: words.includes('UP') && !words.includes('NO-CARRIER'),
    mtu: / mtu (\d+)/.exec(line)?.[1],
    address: / link\/\S+ ([\da-f:]+)/.exec(line)?.[1],
    moved: / new-(?:netnsid|ifindex) /.test(line),
  };
}

/**
 * The story that lines tell of each link, by its index: what is told first, and then what changes; a line that repeats
 * what is known tells nothing.
 *
 */
export function storyOf(lines: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const stories = new Map<string, string[]>();
  const last = new Map<string, Printed>();
  for (const line of lines) {
    const now = read(line);
    if (now === undefined) continue;
    const story = stories.get(now.index) ?? [];
    stories.set(now.index, story);
    const before = last.get(now.index);
    if (now.deleted) {
      if (before?.up === true) story.push('down');
      story.push(now.moved ? 'moved' : 'removed');
      last.delete(now.index);
      continue;
    }
    if (before === undefined) story.push(`${now.name} is ${now.up ? 'up' : 'down'}`);
    else {
      if (now.name !== before.name) story.push(`renamed ${now.name}`);
      if (now.mtu !== before.mtu) story.push(`mtu ${now.mtu}`);
      if (now.address !== before.address) story.push(`address ${now.address}`);
      if (now.up !== before.up) story.push(now.up ? 'up' : 'down');
    }
    last.set(now.index, now);
  }
  return stories;
}
