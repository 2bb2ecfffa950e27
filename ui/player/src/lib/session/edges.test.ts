import { expect, it } from 'vitest';
import { backToTable, sorted } from './edges';

it('puts the nearest edge first and the silent ones last, as they were given', () => {
  const edge = (name: string, rttMs: number | null): { name: string; url: string; rttMs: number | null } => ({ name, url: '', rttMs });
  const order = sorted([edge('a', null), edge('b', 30), edge('c', null), edge('d', 4)]).map(({ name }) => name);
  expect(order).toEqual(['d', 'b', 'a', 'c']);
});

it('goes back to the edge that holds the table, if it answers', () => {
  const edges = [{ name: 'a', url: '', rttMs: 1 }, { name: 'b', url: '', rttMs: 2 }, { name: 'c', url: '', rttMs: null }];
  expect(backToTable(edges, 'b').map(({ name }) => name)).toEqual(['b', 'a', 'c']);
  expect(backToTable(edges, 'c')).toEqual(edges);
  expect(backToTable(edges, null)).toEqual(edges);
});
