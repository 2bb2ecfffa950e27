import { expect, it } from 'vitest';
import type { ShownEvent } from '../../lib/protocol/frames';
import { fold, look, minesOf } from './mines';

const pick = (cell: number, picks: number, mined = false): ShownEvent => ({ name: 'pick', data: { cell, mined, next_e4: mined ? 0 : 12_857, picks, price_e4: mined ? 0 : 11_250 } });

it('opens what the events open, and nothing else', () => {
  const field = fold([pick(7, 1), pick(3, 2)]);
  expect(field).toMatchObject({ picks: 2, priceE4: 11_250, nextE4: 12_857, ended: false });
  expect([7, 3, 0].map((cell) => look(field, cell))).toEqual(['safe', 'safe', 'closed']);
});

it('shows every mine at the end', () => {
  const field = fold([pick(7, 1), pick(3, 1, true), { name: 'end', data: { mines: [3, 4, 5], paid_minor: '0' } }]);
  expect([7, 3, 4, 0].map((cell) => look(field, cell))).toEqual(['safe', 'broke', 'mine', 'rest']);
});

it('knows nothing after a reload without events', () => {
  const field = fold([]);
  expect(look(field, 0)).toBe('closed');
  expect(field.priceE4).toBe(0);
  expect(minesOf('{"edge_bp":100,"mines":3}')).toBe(3);
});
