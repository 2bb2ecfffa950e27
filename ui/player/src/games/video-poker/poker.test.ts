import { expect, it } from 'vitest';
import { writeJson } from '../../lib/json';
import { payload } from '../../lib/protocol/lease';
import { fold, mask, pays } from './poker';

const dealt = { name: 'deal', data: { cards: ['2C', 'TD', 'JH', 'JS', 'AC'], hand: 'jacks-or-better' } };

it('shows the hand that was dealt, and the one that was drawn', () => {
  expect(fold([])).toBeNull();
  expect(fold([dealt])).toMatchObject({ cards: ['2C', 'TD', 'JH', 'JS', 'AC'], hand: 'jacks-or-better', held: null });
  const drawn = { name: 'draw', data: { cards: ['3C', '4D', 'JH', 'JS', 'JC'], hand: 'three-of-a-kind', held: [0, 0, 1, 1, 0] } };
  const win = { name: 'win', data: { hand: 'three-of-a-kind', paid_minor: '300', pays: 3 } };
  expect(fold([dealt, drawn, win])).toMatchObject({ hand: 'three-of-a-kind', held: [false, false, true, true, false], paidMinor: 300n });
  // After a reload the draw alone may be known.
  expect(fold([drawn])?.cards).toHaveLength(5);
});

it('holds by a bit a card', () => {
  expect(mask([true, false, true, true, false])).toBe(13n);
  expect(writeJson(payload.encode({ kind: 'act', value: [1, mask([true, true, true, true, true])] }))).toBe('{"act":[1,31]}');
});

it('pays by the table', () => {
  expect(pays('{"paytable":"9/6"}')).toEqual([800, 50, 25, 9, 6, 4, 3, 2, 1]);
  expect(pays('{"paytable":"8/5","royal":1000}').slice(0, 5)).toEqual([1000, 50, 25, 8, 5]);
});
