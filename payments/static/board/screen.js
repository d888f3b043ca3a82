/* The tablet itself: full screen, a screen that stays awake, light or dark. What a browser lacks is not offered. */
export class Screen {
  constructor(tell) {
    this.tell = tell;
    this.lock = null;
    this.wantsAwake = localStorage.getItem("otklik.board.awake") !== "no";
    document.addEventListener("visibilitychange", () => !document.hidden && this.keepAwake());
    document.addEventListener("fullscreenchange", () => this.tell());
    this.show(this.theme);
  }

  get theme() {
    return localStorage.getItem("otklik.board.theme") ?? "auto";
  }

  show(theme) {
    localStorage.setItem("otklik.board.theme", theme);
    document.documentElement.dataset.theme = theme;
  }

  get canAwake() {
    return "wakeLock" in navigator;
  }

  get canFill() {
    return document.fullscreenEnabled === true;
  }

  get isFull() {
    return document.fullscreenElement !== null;
  }

  async fillScreen() {
    await (this.isFull ? document.exitFullscreen() : document.documentElement.requestFullscreen());
    this.tell();
  }

  async wantAwake(wants) {
    this.wantsAwake = wants;
    localStorage.setItem("otklik.board.awake", wants ? "yes" : "no");
    if (!wants) await this.lock?.release();
    await this.keepAwake();
  }

  /* The lock falls whenever the page is hidden, so it is asked for again each time it comes back. */
  async keepAwake() {
    if (!this.wantsAwake || !this.canAwake || document.hidden) return this.tell();
    try {
      this.lock = await navigator.wakeLock.request("screen");
      this.lock.addEventListener("release", () => this.tell());
    } catch {
      this.lock = null; // a low battery, or a page without https
    }
    this.tell();
  }

  get isAwake() {
    return this.lock !== null && !this.lock.released;
  }
}
