// One tab plays. A tab that starts asks the others; who holds the table says so, and the newcomer stands aside until the
// player takes the table over there, or the other tab is closed.

type Word = 'who' | 'held' | 'take' | 'freed';
interface Message {
  word: Word;
  from: number;
}

const CHANNEL = 'house-edge-player';
const ANSWER_MS = 200;
const FREED_MS = 1500;

export interface TabEvents {
  /** This tab may play now. */
  onHeld(): void;
  /** Another tab plays. */
  onLost(): void;
}

export class Tabs {
  private readonly channel: BroadcastChannel | null;
  private readonly me = crypto.getRandomValues(new Uint32Array(1))[0] as number;
  private held = false;
  private asking: ReturnType<typeof setTimeout> | null = null;

  constructor(private readonly events: TabEvents) {
    this.channel = 'BroadcastChannel' in globalThis ? new BroadcastChannel(CHANNEL) : null;
    if (this.channel) this.channel.onmessage = (message: MessageEvent<Message>) => this.heard(message.data);
    addEventListener('pagehide', () => this.free());
    // A page that comes back from the cache of the back button has to ask again.
    addEventListener('pageshow', (event) => event.persisted && this.ask());
  }

  get holds(): boolean {
    return this.held;
  }

  ask(): void {
    if (!this.channel) return this.hold();
    this.say('who');
    if (this.asking !== null) clearTimeout(this.asking);
    this.asking = setTimeout(() => this.hold(), ANSWER_MS);
  }

  take(): void {
    this.say('take');
    this.hold();
  }

  free(): void {
    if (!this.held) return;
    this.held = false;
    this.say('freed');
  }

  private hold(): void {
    this.asking = null;
    this.held = true;
    this.say('held');
    this.events.onHeld();
  }

  private lose(): void {
    if (this.asking !== null) clearTimeout(this.asking);
    this.asking = null;
    this.held = false;
    this.events.onLost();
  }

  private say(word: Word): void {
    this.channel?.postMessage({ word, from: this.me } satisfies Message);
  }

  private heard({ word, from }: Message): void {
    if (word === 'who' && (this.held || (this.asking !== null && this.me < from))) this.say('held');
    else if (word === 'held' && this.asking !== null) this.lose();
    else if (word === 'held' && this.held && from < this.me) this.lose();
    else if (word === 'take' && (this.held || this.asking !== null)) this.lose();
    // A page that is only reloaded asks before this one does.
    else if (word === 'freed' && !this.held && document.visibilityState === 'visible') setTimeout(() => !this.held && this.ask(), FREED_MS);
  }
}
