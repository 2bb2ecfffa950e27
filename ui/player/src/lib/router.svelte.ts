// Hash routes: `#/page/argument`.

function parse(hash: string): string[] {
  const parts = hash.replace(/^#\/?/, '').split('/').filter(Boolean);
  try {
    return parts.map(decodeURIComponent);
  } catch {
    return [];
  }
}

class Route {
  parts = $state.raw<string[]>(parse(location.hash));

  constructor() {
    addEventListener('hashchange', () => (this.parts = parse(location.hash)));
  }

  get page(): string {
    return this.parts[0] ?? 'lobby';
  }

  get argument(): string | undefined {
    return this.parts[1];
  }

  go(path: string): void {
    location.hash = `#/${path}`;
  }
}

export const route = new Route();
