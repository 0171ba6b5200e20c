// Looks for what is new, so that nobody has to; without it the page works by its forms alone.
const said = document.getElementById("said");
const text = document.getElementById("text");
const EVERY = 4000;

function toEnd() {
  text.scrollIntoView({ block: "end" });
}

async function look() {
  if (document.hidden) return;
  try {
    const answer = await fetch(location.pathname + "?new=1", { cache: "no-store" });
    if (!answer.ok) return location.reload();
    const now = await answer.text();
    if (now.trim() === said.dataset.shown) return;
    said.dataset.shown = now.trim();
    said.innerHTML = now;
    toEnd();
  } catch {
    // No network just now: the next look may have one.
  }
}

text.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    text.form.requestSubmit();
  }
});
document.addEventListener("visibilitychange", look);
setInterval(look, EVERY);
look();
toEnd();
