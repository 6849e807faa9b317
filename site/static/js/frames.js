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
