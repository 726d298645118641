import { svelte } from '@sveltejs/vite-plugin-svelte';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vitest/config';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
/** The shop's process while developing. */
const shop = process.env['TRESEN_SHOP'] ?? 'http://127.0.0.1:7070';

/** In development the pages lie at the same addresses as in the shop: /till/1, /display/1, /office. */
function pages(): Plugin {
  return {
    name: 'tresen-pages',
    configureServer(server) {
      server.middlewares.use((request, _response, next) => {
        const page = /^\/(till|display|office)(?:[/?#]|$)/.exec(request.url ?? '')?.[1];
        if (page && !/\.html/.test(request.url ?? '')) request.url = `/${page}.html`;
        next();
      });
    },
  };
}

export default defineConfig({
  plugins: [svelte(), pages()],
  build: {
    target: 'es2022',
    // The content security policy refuses what is inlined; everything is a file of its own.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: { till: here('till.html'), display: here('display.html'), office: here('office.html') },
    },
  },
  server: {
    host: '127.0.0.1',
    port: 5173,
    // The shop answers to its own name only.
    proxy: { '/api': { target: shop, changeOrigin: true, headers: { origin: shop } } },
  },
  test: { include: ['src/**/*.test.ts'], environment: 'node' },
});
