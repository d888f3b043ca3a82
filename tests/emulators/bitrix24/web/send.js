// Posts one act to the portal; an error is shown in words for a few seconds.
export async function post(act, data) {
  const answer = await fetch(`/_ctl/${act}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(data),
  });
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.error);
  return body;
}

let timer = 0;

export function say(text) {
  const toast = document.querySelector("#message");
  toast.textContent = text;
  toast.hidden = false;
  clearTimeout(timer);
  timer = setTimeout(() => { toast.hidden = true; }, 5000);
}
