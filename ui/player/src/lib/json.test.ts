import { describe, expect, it } from 'vitest';
import { readJson, writeJson } from './json';

describe('JSON with 64-bit integers', () => {
  it('keeps every digit of a long integer, and leaves short ones numbers', () => {
    const text = '{"draws":[[0,9223372036854775809,5884947189628310598]],"deal":7,"x":-1.5e3,"text":"a\\u00e9\\"1234567890123456789"}';
    const value = readJson(text) as Record<string, unknown>;
    expect(value['draws']).toEqual([[0, 9223372036854775809n, 5884947189628310598n]]);
    expect(value['deal']).toBe(7);
    expect(value['x']).toBe(-1500);
    expect(value['text']).toBe('aé"1234567890123456789');
    expect(writeJson({ a: 18446744073709551615n, b: [true, null, 'ü"'] })).toBe('{"a":18446744073709551615,"b":[true,null,"ü\\""]}');
  });

  it('refuses what is no JSON', () => {
    for (const bad of ['[1234567890123456789,]', '{"a":1234567890123456789', '12345678901234567890 1', '"1234567890123456789', `${'['.repeat(99)}1234567890123456789`]) {
      expect(() => readJson(bad), bad).toThrow(SyntaxError);
    }
  });
});
