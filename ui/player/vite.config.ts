/// <reference types="vitest/config" />
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

// During development and preview the API is reached through this server, as it is when the core serves the built files.
const core = process.env['HOUSE_CORE'] ?? 'http://127.0.0.1:8080';
const proxy = { '/v1': { target: core, changeOrigin: true } };

export default defineConfig({
  base: './',
  plugins: [svelte()],
  server: { port: 5180, proxy },
  preview: { port: 5181, proxy },
  build: { target: 'es2022', modulePreload: { polyfill: false }, manifest: true, assetsInlineLimit: 0 },
  test: { include: ['src/**/*.test.ts'], environment: 'node' },
});
