// Marks links whose words say nothing, for the checker: axe's rules cannot read text.
const VAGUE = new Set([
  "aquí", "aqui", "haga clic", "haga clic aquí", "haz clic aquí", "pulse aquí",
  "clic aquí", "leer más", "ver más", "más", "más información", "enlace", "este enlace",
  "here", "click", "click here", "press here", "read more", "see more", "more",
  "more information", "link", "this link",
]);
const ADDRESS = /^(https?:\/\/|www\.)\S+$/;

for (const link of document.querySelectorAll("main a[href]")) {
  const name = link.getAttribute("aria-label") ?? link.textContent;
  const words = name.toLowerCase().replace(/[\s.…»›→]+/g, " ").trim();
  if (VAGUE.has(words) || ADDRESS.test(name.trim())) link.dataset.saysNothing = "";
}
