import { describe, expect, it } from 'vitest';
import type { ShownEvent } from '../../lib/protocol/frames';
import { fold, limits, total } from './blackjack';

const deal: ShownEvent = { name: 'deal', data: { dealer: '9H', player: ['8C', '8D'] } };
const card = (label: string, hand: number, points: number): ShownEvent => ({ name: 'card', data: { card: label, hand, soft: false, total: points } });

describe('the table', () => {
  it('is laid by the deal', () => {
    expect(fold([deal])).toMatchObject({ dealer: ['9H'], active: 0, hands: [{ cards: ['8C', '8D'], outcome: null }] });
  });

  it('splits into two hands, played from the left', () => {
    const after = [deal, { name: 'split', data: { hand: 0 } }, card('3S', 0, 11)];
    expect(fold(after)).toMatchObject({ active: 0, hands: [{ cards: ['8C', '3S'] }, { cards: ['8D'] }] });
    const then = [...after, { name: 'double', data: { hand: 0 } }, card('TS', 0, 21), card('5S', 1, 13)];
    expect(fold(then)).toMatchObject({ active: 1, hands: [{ doubled: true }, { cards: ['8D', '5S'] }] });
    expect(fold([...then, { name: 'stand', data: { hand: 1 } }]).active).toBeNull();
  });

  it('ends with what the results say', () => {
    const end = [deal, { name: 'stand', data: { hand: 0 } }, { name: 'hole', data: { card: '7C' } }, { name: 'dealer_card', data: { card: 'KC' } }, { name: 'dealer', data: { total: 26 } }, { name: 'result', data: { hand: 0, outcome: 'win', paid_minor: '200' } }];
    expect(fold(end)).toMatchObject({ dealer: ['9H', '7C', 'KC'], active: null, hands: [{ outcome: 'win', paidMinor: 200n, stood: true }] });
  });

  it('stands gaps, when earlier events are not known', () => {
    expect(fold([card('5S', 1, 13)]).hands).toMatchObject([{ cards: [] }, { cards: ['5S'] }]);
    expect(fold([])).toMatchObject({ dealer: [], hands: [], active: null });
  });
});

it('counts an ace as eleven where it fits', () => {
  expect([['AS', 'KD'], ['AS', 'AD', '9C'], ['AS', '5D', 'TC'], ['TS', '6D']].map(total)).toEqual([{ points: 21, soft: true }, { points: 21, soft: true }, { points: 16, soft: false }, { points: 16, soft: false }]);
});

it('takes stakes that nothing is rounded at', () => {
  expect([limits('{"blackjack_pays":"3:2"}').step, limits('{"blackjack_pays":"6:5"}').step]).toEqual([2n, 10n]);
});
