// Stakes that a player can step through: round amounts within a place's limits and step.

/** What a place takes, minor units. */
export interface Limits {
  min: bigint;
  max: bigint;
  step: bigint;
}

const ROUND = [1n, 2n, 5n];

/** Round amounts from the least to the most, ascending; the most itself ends the ladder. */
export function ladder({ min, max, step }: Limits): bigint[] {
  const found = new Set<bigint>([min]);
  for (let ten = 1n; ten <= max; ten *= 10n) {
    for (const head of ROUND) {
      const amount = head * ten;
      if (amount >= min && amount <= max && amount % step === 0n) found.add(amount);
    }
  }
  found.add(max - (max % step));
  return [...found].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

export const isStake = (amount: bigint, { min, max, step }: Limits): boolean => amount >= min && amount <= max && amount % step === 0n;

/** The ladder's place nearest below an amount. */
export function placeOf(steps: bigint[], amount: bigint): number {
  return Math.max(0, steps.filter((each) => each <= amount).length - 1);
}

/** Of a stake, so many ten-thousandths, rounded down as the games do. */
export const shareE4 = (stake: bigint, e4: number): bigint => (stake * BigInt(e4)) / 10_000n;

/** Ten-thousandths as people read a multiplier: two decimals at least, four at most. */
export function times(e4: number): string {
  const text = (e4 / 10_000).toFixed(4);
  return `${text.replace(/(\.\d\d\d*?)0+$/, '$1')}×`;
}
