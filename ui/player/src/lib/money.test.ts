import { describe, expect, it } from 'vitest';
import { decimal, money, parseMoney } from './money';

describe('money', () => {
  it('is shown exactly, whatever its size', () => {
    expect(money(9007199254740993n, 'EUR', 'en')).toBe('€90,071,992,547,409.93');
    expect(money(-5n, 'EUR', 'en')).toBe('\u2212\u2060€0.05');
    expect(money(320n, 'EUR', 'en', true)).toBe('+\u2060€3.20');
    expect(money(0n, 'EUR', 'en', true)).toBe('€0.00');
    expect(money(123n, 'JPY', 'en')).toBe('¥123');
    expect(decimal(-1234n, 'KWD')).toBe('-1.234');
  });

  it('is read with a comma or a point, and not guessed', () => {
    expect(parseMoney(' 12,5 ', 'EUR')).toBe(1250n);
    expect(parseMoney('12.50', 'EUR')).toBe(1250n);
    expect(parseMoney('7', 'JPY')).toBe(7n);
    for (const bad of ['', '1.234', '1e3', '-1', '1,2,3', 'x']) expect(parseMoney(bad, 'EUR'), bad).toBeNull();
  });
});
