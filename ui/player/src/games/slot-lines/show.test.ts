import { describe, expect, it } from 'vitest';
import { highlights, read } from './show';
import { LINES, PAYS } from './symbols';

const reels = { name: 'reels', data: { reels: ['HLM', 'HKS', 'HPL', 'LWD', 'RSM'], stops: [1, 2, 3, 4, 5] } };

describe('what a spin shows', () => {
  it('comes from its events alone', () => {
    const shown = read([
      reels,
      { name: 'line', data: { count: 3, line: 2, multiplier: 1, paid_minor: '40', symbol: 'heron' } },
      { name: 'scatter', data: { count: 3, paid_minor: '40' } },
      { name: 'free_spins', data: { added: 8, left: 8, total: 8 } },
    ]);
    expect(shown.window).toEqual(reels.data.reels);
    expect(shown.lines).toEqual([{ line: 2, count: 3, multiplier: 1, paidMinor: 40n, letter: 'H' }]);
    expect(shown.free).toEqual({ added: 8, left: 8, total: 8 });
    expect(highlights(shown)).toMatchObject([
      { light: { line: 2, cells: [[0, 0], [1, 0], [2, 0]] } },
      { of: 'scatter', light: { line: null, cells: [[0, 1], [2, 2], [3, 0]] } },
    ]);
  });

  it('has no reels when a bonus is bought', () => {
    const shown = read([{ name: 'free_spins', data: { added: 10, left: 10, total: 10 } }]);
    expect([shown.window, highlights(shown)]).toEqual([null, []]);
  });

  it('survives events that it does not know', () => {
    expect(read([{ name: 'fireworks', data: null }, { name: 'line', data: 'x' }]).lines).toHaveLength(1);
  });
});

it('has twenty different lines of five rows, and eight paying symbols', () => {
  expect(new Set(LINES.map((rows) => rows.join(''))).size).toBe(20);
  expect(LINES.every((rows) => rows.length === 5 && rows.every((row) => row >= 0 && row <= 2))).toBe(true);
  expect(PAYS).toHaveLength(8);
});
