import { describe, expect, it } from 'vitest';
import { fold, places, pockets, readConfig, type Risk } from './plinko';

describe('the board', () => {
  it('has a pocket more than rows, both sides alike', () => {
    for (const risk of ['low', 'medium', 'high'] as Risk[]) {
      for (let rows = 8; rows <= 16; rows += 1) {
        const pays = pockets({ rows, risk });
        expect(pays).toHaveLength(rows + 1);
        expect(pays).toEqual([...pays].reverse());
        // Every board returns 98 to 99.5 percent.
        let ways = 1;
        let sum = 0;
        pays.forEach((centi, at) => {
          sum += ways * centi;
          ways = (ways * (rows - at)) / (at + 1);
        });
        expect(sum / 2 ** rows).toBeGreaterThan(98);
        expect(sum / 2 ** rows).toBeLessThan(99.5);
      }
    }
  });

  it('is read from the configuration', () => {
    expect(readConfig('{"risk":"high","rows":16}')).toEqual({ rows: 16, risk: 'high' });
    expect(readConfig('?')).toEqual({ rows: 12, risk: 'medium' });
  });
});

it('lets the cone fall as the event says', () => {
  expect(fold([])).toBeNull();
  expect(fold([{ name: 'drop', data: { multiplier_centi: 95, paid_minor: '95', path: 'LRRL', pocket: 2 } }])).toEqual({ path: 'LRRL', pocket: 2, multiplierCenti: 95 });
  expect(places('LRRL')).toEqual([0, -1, 0, 1, 0]);
});
