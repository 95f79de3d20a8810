/**
 * An hour of the lives of some links, as commands of `ip`, minute by minute.
 *
 * @module
 */

/** The minutes of an hour. */
const MINUTES = 60;

interface Pair {
  readonly number: number;
  readonly names: [string, string];
}

/**
 * Makes the commands of each minute: pairs come and go, flap, are renamed, changed, moved away and back, put into a
 * bridge and taken out; some commands change what a monitor does not tell of.
 *
 * @param elsewhere - a path of another namespace; `home` one of the first.
 */
export function hour(elsewhere: string, home: string): readonly (readonly Command[])[] {
  let state = 20_260_101;
  const random = (below: number): number => {
    // Numerical Recipes' generator: the same hour each time.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const pairs: Pair[] = [];
  let made = 0;
  const minute = (): Command[] => {
    const commands: Command[] = [];
    const say = (...lines: readonly string[]): void => {
      commands.push(...lines.map((line) => ({ line, away: false })));
    };
    if (pairs.length < 3 || (pairs.length < 6 && random(4) === 0)) {
      const number = (made += 1);
      const pair: Pair = { number, names: [`a${number}`, `b${number}`] };
      pairs.push(pair);
      say(`link add ${pair.names[0]} type veth peer name ${pair.names[1]}`);
    }
    for (let rest = 1 + random(5); rest > 0; rest -= 1) {
      const pair = pairs[random(pairs.length)];
      if (pair === undefined) break;
      const [one, other] = pair.names;
      switch (random(12)) {
        case 0:
        case 1:
          say(`link set ${one} up`, `link set ${other} up`);
          break;
        case 2:
          say(`link set ${other} down`);
          break;
        case 3:
          // Faster than anybody can follow.
          say(`link set ${one} down`, `link set ${one} up`, `link set ${one} down`);
          break;
        case 4:
          say(`link set ${one} mtu ${1300 + random(200)}`);
          break;
        case 5:
          say(`link set ${other} address 02:00:00:00:00:${(16 + random(200)).toString(16)}`);
          break;
        case 6: {
          const name = `${random(2) === 0 ? 'x' : 'y'}${pair.number}-${random(100)}`;
          if (name === one) break;
          say(`link set ${one} down`, `link set ${one} name ${name}`, `link set ${name} up`);
          pair.names[0] = name;
          break;
        }
        case 7:
          say(`link set ${other} netns ${elsewhere}`);
          commands.push({ line: `link set ${other} netns ${home}`, away: true });
          break;
        case 8:
          say(`link set ${one} master br0`, `link set ${one} up`);
          break;
        case 9:
          say(`link set ${one} nomaster`);
          break;
        case 10:
          say(
            `link set ${one} txqueuelen ${random(999)} group ${random(9)}`,
            `link set ${one} alias ${one}`,
          );
          break;
        default:
          if (pairs.length < 3) break;
          say(`link del ${one}`);
          pairs.splice(pairs.indexOf(pair), 1);
      }
    }
    return commands;
  };
  return Array.from({ length: MINUTES }, minute);
}

/** A command of `ip`, and where it is to be given. */
export interface Command {
  readonly line: string;
  /** In the other namespace. */
  readonly away: boolean;
}
