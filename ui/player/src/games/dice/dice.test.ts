import { describe, expect, it } from 'vitest';
import { payload } from '../../lib/protocol/lease';
import { writeJson } from '../../lib/json';
import { edgeOf, fold, hundredths, isOffered, multiplierE4, range, spotOf, winning } from './dice';

describe('the lines', () => {
  it('are as many as the game has, at each edge', () => {
    for (const [edge, spots] of [[50, 777], [100, 777], [200, 776]] as const) {
      const all = (['under', 'over'] as const).flatMap((side) => Array.from({ length: 400 }, (_, at) => at * 25).filter((line) => isOffered(edge, side, line)));
      expect(all).toHaveLength(spots);
    }
  });

  it('pay what the edge leaves, rounded down', () => {
    expect(multiplierE4(100, winning('under', 5000))).toBe(19_800);
    expect(multiplierE4(100, winning('over', 5000))).toBe(19_803);
    expect(range(100, 'under')).toEqual([100, 9800]);
    expect(range(100, 'over')[1]).toBe(9875);
    expect([edgeOf('{"edge_bp":50}'), edgeOf('?')]).toEqual([50, 100]);
  });

  it('are bet by their spot', () => {
    expect([spotOf('under', 5000), spotOf('over', 7525)]).toEqual([5000, 17_525]);
    expect(writeJson(payload.encode({ kind: 'bets', value: [[spotOf('over', 7525), 200n]] }))).toBe('{"bets":[[17525,"200"]]}');
  });
});

it('shows what the roll says', () => {
  expect(fold([])).toBeNull();
  const roll = { name: 'roll', data: { line: 5000, multiplier_e4: 19800, paid_minor: '0', roll: 7, side: 'over', won: false } };
  expect(fold([{ name: 'x', data: null }, roll])).toEqual({ line: 5000, roll: 7, side: 'over', won: false });
  expect(hundredths(7)).toBe('0.07');
});
