import { expect, it } from 'vitest';
import { uuid7 } from './http';

it('makes order ids that sort by time and say their version', () => {
  const random = new Uint8Array(16).fill(0xff);
  expect(uuid7(0x0198a2b4c6d8, random)).toBe('0198a2b4-c6d8-7fff-bfff-ffffffffffff');
  expect(uuid7(0x0198a2b4c6d8, new Uint8Array(16))).toBe('0198a2b4-c6d8-7000-8000-000000000000');
});
