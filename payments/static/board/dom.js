/* Elements made of values; text is always text, so nothing a guest typed is ever markup. */
export const make = (tag, props = {}, ...children) => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "data") Object.assign(node.dataset, value);
    else if (name in node && name !== "list" && name !== "form") node[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false && child !== ""));
  return node;
};

export const fill = (text, facts) => text.replace(/%\((\w+)\)s/g, (whole, name) => facts[name] ?? whole);

export const clock = (ms, zone) => new Date(ms).toLocaleTimeString("ru-RU", { hour: "2-digit", minute: "2-digit", timeZone: zone });

/* "4:05" of a span: minutes and seconds; from an hour on hours and minutes, with the letter of an hour: "1:49 h". */
export const span = (ms, hours) => {
  const seconds = Math.floor(Math.abs(ms) / 1000);
  const [big, small, sign] = seconds < 3600 ? [seconds, 60, ""] : [seconds / 60, 60, ` ${hours}`];
  return `${Math.floor(big / small)}:${String(Math.floor(big % small)).padStart(2, "0")}${sign}`;
};
