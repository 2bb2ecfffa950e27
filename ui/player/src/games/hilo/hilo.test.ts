import { expect, it } from 'vitest';
import { fold, label } from './hilo';

const prices = (guesses: number, now: number): { name: string; data: Record<string, number> } => ({ name: 'prices', data: { guesses, higher_e4: 10_725, lower_e4: 0, now_e4: now, same_e4: 128_700 } });

it('climbs as the events say', () => {
  const stairs = fold([{ name: 'card', data: { card: 0 } }, prices(0, 9900), { name: 'guess', data: { card: 51, guess: 'higher', won: true } }, prices(1, 10_725)]);
  expect(stairs).toMatchObject({ cards: ['AC', 'KS'], guesses: 1, nowE4: 10_725, missed: false, ended: false, afterE4: { 1: 10_725, 2: 0, 3: 128_700 } });
});

it('ends with a false guess', () => {
  const stairs = fold([{ name: 'card', data: { card: 20 } }, prices(0, 9900), { name: 'guess', data: { card: 4, guess: 'higher', won: false } }, { name: 'end', data: { paid_minor: '0', price_e4: 0 } }]);
  expect(stairs).toMatchObject({ cards: ['6C', '2C'], missed: true, ended: true, nowE4: 0, afterE4: {} });
});

it('knows nothing after a reload without events', () => {
  expect(fold([])).toMatchObject({ cards: [], nowE4: 0, afterE4: {} });
  expect([0, 3, 38, 51].map(label)).toEqual(['AC', 'AS', 'TH', 'KS']);
});
