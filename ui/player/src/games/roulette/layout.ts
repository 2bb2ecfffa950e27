// The cloth: where each place of the game's README lies, what it covers and pays. For drawing and reading aloud only; what a
// bet wins is what the events say.

export type Wheel = 'single' | 'double';
export type Kind = 'straight' | 'split' | 'street' | 'trio' | 'corner' | 'basket' | 'six-line' | 'dozen' | 'column' | 'even';

export interface Place {
  id: number;
  kind: Kind;
  numbers: number[];
  /** Centre and size along the numbers (0 at the zeros) and across them, in units of one number's field. */
  u: number;
  v: number;
  w: number;
  h: number;
  /** A field of the cloth, or a spot on a line between fields. */
  field: boolean;
}

export const DOUBLE_ZERO = 37;
export const REDS = [1, 3, 5, 7, 9, 12, 14, 16, 18, 19, 21, 23, 25, 27, 30, 32, 34, 36];
const ALL = Array.from({ length: 36 }, (_, at) => at + 1);
export const EVENS = ['red', 'black', 'odd', 'even', 'low', 'high'] as const;
const EVEN_NUMBERS: number[][] = [
  REDS,
  ALL.filter((n) => !REDS.includes(n)),
  ALL.filter((n) => n % 2 === 1),
  ALL.filter((n) => n % 2 === 0),
  ALL.filter((n) => n <= 18),
  ALL.filter((n) => n > 18),
];
/** Left to right, as on a cloth: low, even, red, black, odd, high. */
const EVEN_ORDER = [4, 3, 0, 1, 2, 5];

export const WHEELS: Record<Wheel, number[]> = {
  single: [0, 32, 15, 19, 4, 21, 2, 25, 17, 34, 6, 27, 13, 36, 11, 30, 8, 23, 10, 5, 24, 16, 33, 1, 20, 14, 31, 9, 22, 18, 29, 7, 28, 12, 35, 3, 26],
  double: [0, 28, 9, 26, 30, 11, 7, 20, 32, 17, 5, 22, 34, 15, 3, 24, 36, 13, 1, 37, 27, 10, 25, 29, 12, 8, 19, 31, 18, 6, 21, 33, 16, 4, 23, 35, 14, 2],
};

/** Length along the numbers and across them. */
export const LONG = 14;
export const ACROSS = 5;

export const label = (number: number): string => (number === DOUBLE_ZERO ? '00' : String(number));
export const colour = (number: number): 'red' | 'black' | 'green' =>
  number === 0 || number === DOUBLE_ZERO ? 'green' : REDS.includes(number) ? 'red' : 'black';

const PAYS: Record<Kind, number> = { straight: 35, split: 17, street: 11, trio: 11, corner: 8, basket: 8, 'six-line': 5, dozen: 2, column: 2, even: 1 };

/** Winnings to one. */
export const paysToOne = ({ kind, numbers }: Place): number => (kind === 'basket' && numbers.length === 5 ? 6 : PAYS[kind]);

// A number's field: the row of three runs along u, and 3, 6, 9 … lie on top.
const centre = (n: number): [number, number] => [1.5 + Math.floor((n - 1) / 3), 2.5 - ((n - 1) % 3)];
const spot = (id: number, kind: Kind, numbers: number[], u: number, v: number): Place => ({ id, kind, numbers, u, v, w: 0, h: 0, field: false });
const field = (id: number, kind: Kind, numbers: number[], u: number, v: number, w: number, h: number): Place => ({ id, kind, numbers, u, v, w, h, field: true });
const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, at) => from + at);

export function places(wheel: Wheel): Place[] {
  return [...zeros(wheel), ...numbers(), ...lines(), ...outside()];
}

function numbers(): Place[] {
  return ALL.map((n) => field(n, 'straight', [n], ...centre(n), 1, 1));
}

function lines(): Place[] {
  const splits = ALL.flatMap((n) => {
    const [u, v] = centre(n);
    const beside = n % 3 === 0 ? [] : [spot(100 + n, 'split', [n, n + 1], u, v - 0.5)];
    const below = n > 33 ? [] : [spot(140 + n, 'split', [n, n + 3], u + 0.5, v)];
    return [...beside, ...below];
  });
  const streets = range(1, 12).map((row) => spot(200 + row, 'street', range(row * 3 - 2, row * 3), row + 0.5, 3));
  const corners = range(1, 32).filter((n) => n % 3 !== 0).map((n) => {
    const [u, v] = centre(n);
    return spot(400 + n, 'corner', [n, n + 1, n + 3, n + 4], u + 0.5, v - 0.5);
  });
  const six = range(1, 11).map((row) => spot(600 + row, 'six-line', range(row * 3 - 2, row * 3 + 3), row + 1, 3));
  return [...splits, ...streets, ...corners, ...six];
}

function zeros(wheel: Wheel): Place[] {
  if (wheel === 'single') {
    return [
      field(0, 'straight', [0], 0.5, 1.5, 1, 3),
      spot(180, 'split', [0, 1], 1, 2.5),
      spot(181, 'split', [0, 2], 1, 1.5),
      spot(182, 'split', [0, 3], 1, 0.5),
      spot(300, 'trio', [0, 1, 2], 1, 2),
      spot(301, 'trio', [0, 2, 3], 1, 1),
      spot(500, 'basket', [0, 1, 2, 3], 1, 3),
    ];
  }
  return [
    field(0, 'straight', [0], 0.5, 2.25, 1, 1.5),
    field(37, 'straight', [37], 0.5, 0.75, 1, 1.5),
    spot(180, 'split', [0, 1], 1, 2.5),
    spot(181, 'split', [0, 2], 1, 1.75),
    spot(183, 'split', [0, 37], 0.5, 1.5),
    spot(184, 'split', [37, 2], 1, 1.25),
    spot(185, 'split', [37, 3], 1, 0.5),
    spot(300, 'trio', [0, 1, 2], 1, 2.1),
    spot(302, 'trio', [0, 37, 2], 1, 1.5),
    spot(303, 'trio', [37, 2, 3], 1, 0.9),
    spot(501, 'basket', [0, 37, 1, 2, 3], 1, 3),
  ];
}

function outside(): Place[] {
  const dozens = range(1, 3).map((at) => field(700 + at, 'dozen', range(at * 12 - 11, at * 12), at * 4 - 1, 3.5, 4, 1));
  const columns = range(1, 3).map((at) => field(800 + at, 'column', ALL.filter((n) => (n - at) % 3 === 0), 13.5, 3.5 - at, 1, 1));
  const evens = EVEN_ORDER.map((id, at) => field(900 + id, 'even', EVEN_NUMBERS[id] as number[], 2 + at * 2, 4.5, 2, 1));
  return [...dozens, ...columns, ...evens];
}

export interface Config {
  wheel: Wheel;
  laPartage: boolean;
}

export function readConfig(text: string): Config {
  try {
    const found = JSON.parse(text) as Record<string, unknown>;
    return { wheel: found['wheel'] === 'double' ? 'double' : 'single', laPartage: found['la_partage'] === true };
  } catch {
    return { wheel: 'single', laPartage: false };
  }
}

/** The place that the arrow key leads to from `from`: the nearest one on that side, nearer sideways counting double. */
export function neighbour(from: Place, all: Place[], du: number, dv: number): Place | undefined {
  let best: Place | undefined;
  let least = Infinity;
  for (const to of all) {
    const along = (to.u - from.u) * du + (to.v - from.v) * dv;
    const aside = Math.abs((to.u - from.u) * dv) + Math.abs((to.v - from.v) * du);
    const far = along + aside * 2;
    if (along > 0.01 && far < least) [best, least] = [to, far];
  }
  return best;
}
