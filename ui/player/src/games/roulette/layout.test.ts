import { describe, expect, it } from 'vitest';
import { neighbour, paysToOne, places, readConfig, WHEELS } from './layout';

describe('the cloth', () => {
  it('has 157 places with one zero and 161 with two, each once', () => {
    expect(new Set(places('single').map(({ id }) => id)).size).toBe(157);
    expect(new Set(places('double').map(({ id }) => id)).size).toBe(161);
    expect(places('single').length).toBe(157);
    expect(places('double').length).toBe(161);
  });

  it('pays 36 over the numbers covered, to one less, but for the basket of five', () => {
    for (const place of [...places('single'), ...places('double')]) {
      const wanted = place.numbers.length === 5 ? 6 : 36 / place.numbers.length - 1;
      expect(paysToOne(place), `${place.id}`).toBe(wanted);
    }
  });

  it('has the ids of the game', () => {
    const by = new Map(places('single').map((place) => [place.id, place]));
    expect(by.get(101)?.numbers).toEqual([1, 2]);
    expect(by.get(141)?.numbers).toEqual([1, 4]);
    expect(by.get(432)?.numbers).toEqual([32, 33, 35, 36]);
    expect(by.get(611)?.numbers).toEqual([31, 32, 33, 34, 35, 36]);
    expect(by.get(803)?.numbers.slice(0, 3)).toEqual([3, 6, 9]);
    expect(by.get(900)?.numbers).toContain(1);
    expect(by.get(905)?.numbers[0]).toBe(19);
  });

  it('is wholly within reach of the arrow keys', () => {
    const all = places('single');
    const seen = new Set([all[0]]);
    const open = [all[0] as (typeof all)[number]];
    for (let from = open.pop(); from; from = open.pop()) {
      for (const [du, dv] of [[1, 0], [-1, 0], [0, 1], [0, -1]] as const) {
        const to = neighbour(from, all, du, dv);
        if (to && !seen.has(to)) seen.add(to) && open.push(to);
      }
    }
    expect(all.filter((place) => !seen.has(place)).map(({ id }) => id)).toEqual([]);
  });

  it('has every pocket once on each wheel', () => {
    expect([...WHEELS.single].sort((a, b) => a - b)).toEqual(Array.from({ length: 37 }, (_, n) => n));
    expect([...WHEELS.double].sort((a, b) => a - b)).toEqual(Array.from({ length: 38 }, (_, n) => n));
  });

  it('reads its configuration', () => {
    expect(readConfig('{"la_partage":true,"wheel":"double"}')).toEqual({ wheel: 'double', laPartage: true });
    expect(readConfig('')).toEqual({ wheel: 'single', laPartage: false });
  });
});
