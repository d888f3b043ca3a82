/* The bell: rings until somebody accepts. A browser lets a page sound only after a tap, so that is asked for, in words. */
const EVERY_MS = 4_000;
const NOTES = { new: [[880, 0], [1174.7, 0.16], [1567.98, 0.32]], late: [[660, 0], [660, 0.22], [660, 0.44], [880, 0.66]] };

export class Bell {
  constructor(tell) {
    this.tell = tell;
    this.isMuted = localStorage.getItem("otklik.board.muted") === "yes";
    this.want = "";
    this.rung = 0;
    for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, () => this.unlock(), { passive: true });
  }

  /* off: the browser waits for a tap; muted: a person wanted silence; on. */
  get state() {
    if (this.isMuted) return "muted";
    return this.context?.state === "running" ? "on" : "off";
  }

  async unlock() {
    try {
      this.context ??= new AudioContext();
      if (this.context.state !== "running") await this.context.resume();
      this.context.onstatechange = () => this.tell(this.state);
    } catch {
      // a tablet without sound: the board stays loud for the eye
    }
    this.tell(this.state);
  }

  mute(isMuted) {
    this.isMuted = isMuted;
    localStorage.setItem("otklik.board.muted", isMuted ? "yes" : "no");
    this.tell(this.state);
    if (!isMuted) this.ring("new");
  }

  /* Say what there is to ring for: "", "new" or "late". A new reason rings at once. */
  need(what, isNews = false) {
    const at = performance.now();
    if (what && (isNews || at - this.rung >= EVERY_MS)) this.ring(what);
    this.want = what;
  }

  ring(what) {
    this.rung = performance.now();
    if (this.state !== "on") return;
    document.dispatchEvent(new CustomEvent("board:rang", { detail: what }));
    for (const [hertz, after] of NOTES[what]) {
      const from = this.context.currentTime + after;
      const tone = this.context.createOscillator();
      const gain = this.context.createGain();
      tone.type = "triangle";
      tone.frequency.value = hertz;
      gain.gain.setValueAtTime(0, from);
      gain.gain.linearRampToValueAtTime(0.5, from + 0.02);
      gain.gain.exponentialRampToValueAtTime(0.001, from + 0.45);
      tone.connect(gain).connect(this.context.destination);
      tone.start(from);
      tone.stop(from + 0.5);
    }
  }
}
