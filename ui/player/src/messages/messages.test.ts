import { readdirSync, readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import de from './de.json';
import en from './en.json';

const root = new URL('../', import.meta.url);
const files = readdirSync(root, { recursive: true }).map(String).filter((file) => /\.(svelte|ts)$/.test(file) && !file.endsWith('.test.ts') && statSync(new URL(file, root)).isFile());
const source = files.map((file) => readFileSync(new URL(file, root), 'utf8')).join('\n');
const holes = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string).sort();

describe('the messages', () => {
  it('are the same in every language, with the same values to fill in', () => {
    expect(Object.keys(de).sort()).toEqual(Object.keys(en).sort());
    for (const [key, text] of Object.entries(en)) expect(holes(de[key as keyof typeof de]), key).toEqual(holes(text));
  });

  it('are all used', () => {
    // A key that is put together at run time is used if its beginning is.
    const used = (key: string): boolean => source.includes(`'${key}'`) || source.includes(`"${key}"`) || key.split('.').some((_, at, parts) => at > 0 && source.includes(`\`${parts.slice(0, at).join('.')}.\${`)) || source.includes(`coded('${key.split('.')[0]}'`);
    expect(Object.keys(en).filter((key) => !used(key))).toEqual([]);
  });
});
