/**
 * A table of objects by key, and what messages do to it.
 *
 * @module
 */

import type { TableEffect, TableFamily, TableMessage } from './table-family.ts';

/** What a message has done to a table, object by object. */
export interface TableChange<T> {
  readonly type: 'new' | 'delete';
  readonly item: T;
  /** What was known of it before. */
  readonly previous: T | undefined;
}

/** The objects of one namespace. */
export class KeyedTable<T> {
  readonly #family: TableFamily<T>;
  readonly #items = new Map<number | string, T>();
  /** Keys by group, where there are groups; most have one, and a list of one is small. */
  readonly #groups = new Map<string, (number | string)[]>();
  /** Keys of which a dump told more than one object: the kernel has the same rule or route twice at times. */
  readonly #doubled = new Set<number | string>();

  constructor(family: TableFamily<T>) {
    this.#family = family;
  }

  get size(): number {
    return this.#items.size;
  }

  get items(): readonly T[] {
    return [...this.#items.values()];
  }

  get(key: number | string): T | undefined {
    return this.#items.get(key);
  }

  /** Takes what a dump tells. */
  fill(item: T): void {
    const key = this.#family.key(item);
    if (this.#items.has(key)) this.#doubled.add(key);
    this.#set(item);
  }

  #set(item: T): void {
    const key = this.#family.key(item);
    const known = this.#items.has(key);
    this.#items.set(key, item);
    if (known || this.#family.related === undefined) return;
    const name = this.#family.related.of(item);
    const group = this.#groups.get(name);
    if (group === undefined) this.#groups.set(name, [key]);
    else group.push(key);
  }

  /** Does what a message tells; `replayed` when a dump may have told newer already. */
  apply(
    message: TableMessage<T>,
    replayed: boolean,
  ): { readonly changes: readonly TableChange<T>[]; readonly certain: boolean } {
    const { gone, set, certain } = this.#effect(message, replayed);
    const changes: TableChange<T>[] = [];
    let left = false;
    for (const item of gone) {
      if (this.#doubled.delete(this.#family.key(item))) left = true;
      const previous = this.#delete(item);
      // What was not known needs no farewell.
      if (previous !== undefined) changes.push({ type: 'delete', item, previous });
    }
    for (const item of set) {
      changes.push({ type: 'new', item, previous: this.get(this.#family.key(item)) });
      this.#set(item);
    }
    return { changes, certain: certain && !left };
  }

  /** Whether another table has the same objects in the same state. */
  equals(other: KeyedTable<T>, state: (item: T) => string): boolean {
    if (this.size !== other.size) return false;
    for (const [key, item] of this.#items) {
      const theirs = other.get(key);
      if (theirs === undefined || state(item) !== state(theirs)) return false;
    }
    return true;
  }

  #effect(message: TableMessage<T>, replayed: boolean): TableEffect<T> {
    const { related } = this.#family;
    const { item, removed } = message;
    if (related === undefined) {
      return { gone: removed ? [item] : [], set: removed ? [] : [item], certain: true };
    }
    const group: T[] = [];
    for (const key of this.#groups.get(related.of(item)) ?? []) {
      const member = this.#items.get(key);
      if (member !== undefined) group.push(member);
    }
    return related.effect(message, group, replayed);
  }

  #delete(item: T): T | undefined {
    const key = this.#family.key(item);
    const previous = this.#items.get(key);
    if (!this.#items.delete(key) || this.#family.related === undefined) return previous;
    const name = this.#family.related.of(item);
    const left = this.#groups.get(name)?.filter((other) => other !== key) ?? [];
    if (left.length === 0) this.#groups.delete(name);
    else this.#groups.set(name, left);
    return previous;
  }
}
