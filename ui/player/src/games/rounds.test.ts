import { describe, expect, it } from 'vitest';
import { readJson, writeJson } from '../lib/json';
import { keep, readKept, staked, trail, type Standing, type Told } from './rounds';
import { isStake, ladder, placeOf, shareE4, times } from './stakes';

const told = (deal: bigint, over: Partial<Told> = {}): Told => ({ lease: 'a', deal, game: 'g', stakeMinor: 0n, backMinor: 0n, finished: false, events: [{ name: `e${deal}`, data: null }], ...over });
const at = (nextDeal: bigint, over: Partial<Standing> = {}): Standing => ({ game: 'g', lease: 'a', nextDeal, open: true, carriedDeals: null, ...over });
const deals = (steps: { deal: bigint }[]): bigint[] => steps.map(({ deal }) => deal);

describe('the round that is shown', () => {
  it('goes back to the deal that began it', () => {
    const notes = [told(4n), told(3n, { stakeMinor: 100n }), told(2n, { finished: true }), told(1n, { stakeMinor: 100n })];
    expect(deals(trail(notes, null, at(5n), staked))).toEqual([3n, 4n]);
    expect(deals(trail(notes, null, at(3n), staked))).toEqual([1n, 2n]);
  });

  it('is not known where deals are missing, or are of another game', () => {
    expect(trail([told(3n)], null, at(6n), staked)).toEqual([]);
    expect(deals(trail([told(3n), told(2n, { game: 'h' })], null, at(4n), staked))).toEqual([3n]);
  });

  it('is picked up after a reload from what was kept', () => {
    const kept = readKept(readJson(writeJson(keep('g', [told(1n, { stakeMinor: 200n }), told(2n)]))));
    expect(deals(trail([], kept, at(3n), staked))).toEqual([1n, 2n]);
    expect(deals(trail([told(3n)], kept, at(4n), staked))).toEqual([1n, 2n, 3n]);
    expect(trail([], kept, at(5n), staked)).toEqual([]);
    expect(trail([], kept, at(3n, { open: false }), staked)).toEqual([]);
  });

  it('goes on at another table that it was carried to', () => {
    const kept = readKept(readJson(writeJson(keep('g', [told(8n, { stakeMinor: 200n }), told(9n)]))));
    const there = at(1n, { lease: 'b', carriedDeals: 2 });
    expect(deals(trail([], kept, there, staked))).toEqual([8n, 9n]);
    expect(deals(trail([told(1n, { lease: 'b' })], kept, { ...there, nextDeal: 2n }, staked))).toEqual([8n, 9n, 1n]);
    expect(trail([], kept, { ...there, carriedDeals: 3 }, staked)).toEqual([]);
  });
});

describe('stakes', () => {
  it('are round amounts within limits and step', () => {
    const limits = { min: 100n, max: 1_000_000n, step: 100n };
    const steps = ladder(limits);
    expect(steps.every((each) => isStake(each, limits))).toBe(true);
    expect([steps[0], steps[1], steps.at(-1)]).toEqual([100n, 200n, 1_000_000n]);
    expect(ladder({ min: 20n, max: 1010n, step: 20n })).toEqual([20n, 100n, 200n, 500n, 1000n]);
    expect(steps[placeOf(steps, 999n)]).toBe(500n);
    expect(isStake(150n, limits)).toBe(false);
  });

  it('are multiplied as the games do', () => {
    expect(shareE4(300n, 10_312)).toBe(309n);
    expect([times(10_000), times(10_312), times(15_000), times(22_770_000)]).toEqual(['1.00×', '1.0312×', '1.50×', '2277.00×']);
  });
});
