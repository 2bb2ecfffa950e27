import { expect, it } from 'vitest';
import { sorted } from './edges';

it('puts the nearest edge first and the silent ones last, as they were given', () => {
  const edge = (name: string, rttMs: number | null): { name: string; url: string; rttMs: number | null } => ({ name, url: '', rttMs });
  const order = sorted([edge('a', null), edge('b', 30), edge('c', null), edge('d', 4)]).map(({ name }) => name);
  expect(order).toEqual(['d', 'b', 'a', 'c']);
});
