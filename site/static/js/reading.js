// What a page for reading does beyond being read. One file, so that it is one request;
// without it everything can be read and followed all the same.

// Buttons that copy an address: hidden until this runs, since without it they do nothing.
for (const button of document.querySelectorAll("[data-copy]")) {
  const said = button.parentElement.querySelector("[role=status]");
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    said.textContent = "";
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      said.textContent = button.dataset.copied;
    } catch {
      said.textContent = button.dataset.failed;
    }
  });
}

// Films and maps of other sites come when they are asked for, and not before.
for (const link of document.querySelectorAll("a[data-frame]")) {
  link.addEventListener("click", (event) => {
    if (!link.dataset.frame || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const frame = document.createElement("iframe");
    frame.title = link.querySelector(".embed__title").textContent;
    frame.allow = "autoplay; fullscreen; picture-in-picture";
    frame.referrerPolicy = "strict-origin-when-cross-origin";
    frame.src = link.dataset.frame;
    link.before(frame);
    link.querySelector(".embed__still").remove();
    delete link.dataset.frame;
    frame.focus();
  });
}

// A page's pictures in a window: arrows go on, Escape closes, focus returns by itself.
// Each link leads to the large picture without this script too.
function openInAWindow(template) {
  const links = [...document.querySelectorAll("a[data-lightbox]")];
  document.body.append(template.content.cloneNode(true));
  const dialog = document.querySelector("dialog.lightbox");
  const figure = dialog.querySelector("figure");
  const caption = dialog.querySelector("figcaption");
  const steps = dialog.querySelectorAll("[data-step]");
  let at = 0;

  function show(place) {
    at = (place + links.length) % links.length;
    const image = new Image();
    image.alt = links[at].querySelector("img").alt;
    image.src = links[at].href;
    figure.querySelector("img")?.remove();
    figure.prepend(image);
    const words = links[at].closest("figure").querySelector("figcaption");
    caption.replaceChildren(...(words ? words.cloneNode(true).childNodes : []));
    dialog.querySelector("[data-place]").textContent =
      links.length > 1 ? `${at + 1} / ${links.length}` : "";
  }

  for (const button of steps) {
    button.hidden = links.length < 2;
    button.addEventListener("click", () => show(at + Number(button.dataset.step)));
  }
  for (const [place, link] of links.entries()) {
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      show(place);
      dialog.showModal();
    });
  }
  dialog.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step || links.length < 2) return;
    event.preventDefault();
    show(at + step);
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest("[data-close]")) dialog.close();
  });
}

const template = document.querySelector("template[data-lightbox-window]");
if (template) openInAWindow(template);
