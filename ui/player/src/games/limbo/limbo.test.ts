import { expect, it } from 'vitest';
import { chance, factor, fold, height, nearest, TARGETS } from './limbo';

it('has the ladder of the game', () => {
  expect(TARGETS).toHaveLength(382);
  expect([TARGETS[0], TARGETS[nearest(200)], TARGETS[nearest(207)], TARGETS[nearest(5)], TARGETS.at(-1)]).toEqual([101, 200, 205, 101, 100_000_000]);
  expect(chance(100, 200)).toBe(49.5);
});

it('shows how high the kite got, however high', () => {
  expect(fold([])).toBeNull();
  expect(fold([{ name: 'crash', data: { crash_centi: '45035996273704960', paid_minor: '200', target_centi: 200, won: true } }])).toEqual({ crashCenti: 45_035_996_273_704_960n, targetCenti: 200, won: true });
  expect([factor(100n), factor(7), factor(100_000_000)]).toEqual(['1.00×', '0.07×', '1000000.00×']);
  expect([height(100), height(100_000), height(45_035_996_273_704_960n)]).toEqual([0, 1, 1]);
});
