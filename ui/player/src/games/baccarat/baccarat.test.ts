import { describe, expect, it } from 'vitest';
import { writeJson } from '../../lib/json';
import { payload } from '../../lib/protocol/lease';
import { add, announced, betsOf, fold } from './baccarat';

it('shows a coup card by card, and what it pays', () => {
  const deal = { name: 'deal', data: { banker: ['2C', '3D'], player: ['TH', 'KS'] } };
  expect(fold([deal])).toMatchObject({ player: ['TH', 'KS'], banker: ['2C', '3D'], winner: null });
  const coup = fold([deal, { name: 'third', data: { card: '4H', side: 'player' } }, { name: 'third', data: { card: 'AS', side: 'banker' } }, { name: 'result', data: { banker: 6, player: 4, winner: 'banker' } }, { name: 'win', data: { paid_minor: '195', spot: 1 } }]);
  expect(coup).toMatchObject({ player: ['TH', 'KS', '4H'], banker: ['2C', '3D', 'AS'], totals: { player: 4, banker: 6 }, winner: 'banker' });
  expect(coup.paid.get(1)).toBe(195n);
  expect(fold([{ name: 'push', data: { paid_minor: '100', spot: 'banker' } }]).paid.get(1)).toBe(100n);
});

describe('chips', () => {
  it('stay within the place and the money', () => {
    const one = add(new Map(), 1, 100n, 250n);
    const two = add(one, 0, 100n, 250n);
    expect(add(two, 0, 100n, 250n)).toBe(two);
    expect(add(two, 2, 2_000_100n, 9_000_000n)).toBe(two);
    expect(add(two, 2, 10n, 250n)).toBe(two);
    expect(writeJson(payload.encode({ kind: 'bets', value: betsOf(two) }))).toBe('{"bets":[[0,"100"],[1,"100"]]}');
  });

  it('are paid as announced', () => {
    expect([announced('{"tie_pays":9}', 'tie'), announced('{"commission_bp":500}', 'banker'), announced('{"banker_six_half":true}', 'banker'), announced('{}', 'player-pair')]).toEqual(['9:1', '0.95:1', '1:1*', '11:1']);
  });
});
