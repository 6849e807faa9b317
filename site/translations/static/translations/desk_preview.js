// Shows the preview beside the text where there is room, and anew after each save.
const WIDE = "(min-width: 68.75em)";
const YEAR_S = 31536000;

class DeskPreviewController extends window.StimulusModule.Controller {
  static targets = ["button", "box", "frame"];
  static values = { path: String };

  connect() {
    this.wide = window.matchMedia(WIDE);
    this.fit = () => this.show(this.isWanted());
    this.wide.addEventListener("change", this.fit);
    if (!this.wide.matches) this.boxTarget.open = false;
  }

  disconnect() {
    this.wide.removeEventListener("change", this.fit);
  }

  isWanted() {
    return this.element.classList.contains("pg-work--beside");
  }

  toggle() {
    const wanted = !this.isWanted();
    const age = wanted ? YEAR_S : 0;
    document.cookie = `pg_desk_preview=beside; path=${this.pathValue}; max-age=${age}; samesite=lax`;
    this.show(wanted);
  }

  show(wanted) {
    this.element.classList.toggle("pg-work--beside", wanted);
    this.buttonTarget.setAttribute("aria-pressed", wanted);
    this.boxTarget.open = wanted && this.wide.matches;
  }

  // What was saved while the preview was shut shows once it is opened.
  opened() {
    if (this.boxTarget.open && this.isStale) this.refresh();
  }

  // The new one loads behind the old, so that nothing blinks and the place is kept.
  refresh() {
    this.isStale = !this.boxTarget.open;
    if (this.isStale) return;
    const [old, ...coming] = this.frameTargets;
    coming.forEach((frame) => frame.remove());
    const fresh = old.cloneNode();
    fresh.loading = "eager";
    fresh.classList.add("pg-preview--coming");
    fresh.addEventListener("load", () => this.swap(old, fresh), { once: true });
    old.after(fresh);
  }

  swap(old, fresh) {
    if (!old.isConnected || !fresh.isConnected) return;
    const { scrollX, scrollY } = old.contentWindow;
    fresh.contentWindow.scrollTo({ left: scrollX, top: scrollY, behavior: "instant" });
    const hadFocus = document.activeElement === old;
    fresh.classList.remove("pg-preview--coming");
    old.remove();
    if (hadFocus) fresh.focus();
  }
}

window.wagtail.app.register("pg-desk-preview", DeskPreviewController);
