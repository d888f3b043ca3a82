/* The live link: a stream while it lasts, a look every few seconds where there is none, and a clear word when there is nothing. */
const SILENCE_MS = 25_000; // the server beats every 10 s: longer than this means a dead line that nobody told us of
const RETRY_MS = [400, 1_000, 2_000, 4_000, 5_000];

export class Link {
  constructor({ streamUrl, stateUrl, cursor, hear, tell }) {
    Object.assign(this, { streamUrl, stateUrl, cursor, hear, tell });
    this.tries = 0;
    this.isLive = false;
    window.addEventListener("offline", () => this.lose());
    window.addEventListener("online", () => this.open());
    document.addEventListener("visibilitychange", () => !document.hidden && !this.isLive && this.open());
  }

  open() {
    this.close();
    if (!navigator.onLine) return this.lose();
    const source = (this.source = new EventSource(this.after(this.streamUrl)));
    const wake = () => {
      clearTimeout(this.watch);
      this.watch = setTimeout(() => this.lose(), SILENCE_MS);
    };
    wake();
    source.addEventListener("board", (event) => {
      wake();
      this.tries = 0;
      this.isLive = true;
      this.hear("board", JSON.parse(event.data));
      this.tell("live");
    });
    source.addEventListener("changed", (event) => {
      wake();
      this.hear("changed", JSON.parse(event.data));
    });
    source.addEventListener("beat", (event) => {
      wake();
      this.hear("beat", JSON.parse(event.data));
    });
    source.addEventListener("again", () => this.open()); // a long life ends: whether we may listen is asked anew
    source.onerror = () => this.source === source && this.look();
  }

  after(url) {
    return `${url}?after=${this.cursor()}`;
  }

  close() {
    clearTimeout(this.watch);
    clearTimeout(this.retry);
    this.source?.close();
    this.source = null;
    this.isLive = false;
  }

  lose() {
    this.close();
    this.tell("offline");
    this.again();
  }

  again() {
    clearTimeout(this.retry);
    this.retry = setTimeout(() => this.open(), RETRY_MS[Math.min(this.tries++, RETRY_MS.length - 1)]);
  }

  /* The stream broke: is it the stream alone, our pass, or the whole line? */
  async look() {
    this.close();
    try {
      const answer = await fetch(this.after(this.stateUrl), {
        credentials: "same-origin",
        headers: { Accept: "application/json" },
        redirect: "manual",
        signal: AbortSignal.timeout(6_000),
      });
      if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) return this.tell("shut");
      if (!answer.ok) throw new Error(String(answer.status));
      this.hear("board", await answer.json());
      this.tell("slow");
      this.again();
    } catch {
      this.lose();
    }
  }
}
