/**
 * The order of attributes: the codec writes them in the order of a request's properties.
 *
 * @module
 */

/**
 * The same properties, in the order in which they were given, as iproute2 follows its arguments.
 *
 * @param request - what is sent.
 * @param given - the properties that it was made of, of the same names.
 * @param last - those that come at the end, in this order, wherever they were given.
 */
export function inOrderOf<T extends object>(
  request: T,
  given: object,
  last: readonly (keyof T & string)[] = [],
): T {
  const names = Object.keys(given);
  const end: readonly string[] = last;
  const rank = (name: string): number =>
    end.includes(name) ? names.length + end.indexOf(name) : names.indexOf(name);
  const sorted: (keyof T & string)[] = [];
  for (const name in request) sorted.push(name);
  sorted.sort((a, b) => rank(a) - rank(b));
  const ordered: Partial<T> = {};
  for (const name of sorted) ordered[name] = request[name];
  // The second changes no order.
  return { ...ordered, ...request };
}
