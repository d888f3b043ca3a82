/* This tablet: sound, light, screen, paper. Kept in the browser: each tablet on the counter has its own. */
import { choice, choices } from "./sheet.js";
import { rollWidth, setRollWidth } from "./slip.js";

export const openTablet = (board) => {
  const { words, sheet, bell, screen } = board;
  const again = () => openTablet(board);
  const themes = ["auto", "light", "dark"].map((theme) =>
    choice(words.themes[theme], () => (screen.show(theme), again()), { pressed: screen.theme === theme, name: `theme-${theme}` }),
  );
  const rolls = ["58", "80"].map((width) =>
    choice(`${width} ${words.mm}`, () => (setRollWidth(width), again()), { pressed: rollWidth() === width, name: `roll-${width}` }),
  );
  const parts = [
    choices(words.sound, [
      choice(words.sound_on, () => (bell.mute(false), again()), { pressed: !bell.isMuted, name: "sound-on" }),
      choice(words.sound_off, () => (bell.mute(true), again()), { pressed: bell.isMuted, name: "sound-off" }),
      choice(words.sound_try, () => bell.ring("new")),
    ]),
    choices(words.theme, themes),
    choices(words.roll, rolls),
    choices(words.screen, [
      screen.canFill && choice(screen.isFull ? words.leave_full : words.full, () => screen.fillScreen().then(() => sheet.close()), { name: "full" }),
      screen.canAwake &&
        choice(words.awake, () => screen.wantAwake(!screen.wantsAwake).then(again), { pressed: screen.isAwake, name: "awake" }),
    ].filter(Boolean)),
    ...board.doors.map((door) => {
      const link = document.createElement("a");
      Object.assign(link, { href: door.url, textContent: door.title, className: "act act--big door" });
      return link;
    }),
    board.leaveForm(),
  ];
  sheet.open(words.tablet, parts, { name: "tablet" });
};
