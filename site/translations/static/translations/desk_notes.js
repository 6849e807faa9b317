// Sends a note beside a text and shows the notes there anew; what is being typed stays.
class DeskNotesController extends window.StimulusModule.Controller {
  static targets = ["error"];
  static values = { url: String, key: String, place: String, offline: String, denied: String };

  async send(event) {
    event.preventDefault();
    const button = event.currentTarget;
    button.disabled = true;
    const found = await this.answer(this.collect(button));
    button.disabled = false;
    if ("html" in found) this.show(found, `${button.name}-${button.value}`);
    else this.refuse(found.refused ?? this.offlineValue);
  }

  // The button pressed, the words at it and nothing else of the form. The page may have
  // other texts by now: the key says which this is, the place what its fields are called.
  collect(button) {
    const form = new FormData(button.form);
    const data = new FormData();
    data.set("csrfmiddlewaretoken", form.get("csrfmiddlewaretoken"));
    data.set("at", this.keyValue);
    data.set("place", this.placeValue);
    data.set(`key-${this.placeValue}`, this.keyValue);
    data.set(button.name, button.value);
    const words = `${button.name === "note" ? "note" : "reply"}-${button.value}`;
    if (form.has(words)) data.set(words, form.get(words));
    return data;
  }

  async answer(body) {
    let answer;
    try {
      const headers = { Accept: "application/json" };
      answer = await fetch(this.urlValue, { method: "POST", body, headers });
      return await answer.json();
    } catch {
      return answer?.redirected || answer?.status === 403 ? { refused: this.deniedValue } : {};
    }
  }

  show({ html, said }, sent) {
    const form = this.element.closest("form");
    form.querySelector("[data-pg-desk-target=status]").textContent = said;
    const typed = [...this.element.querySelectorAll("[data-pg-note]")].filter((area) => area.name !== sent);
    const holder = document.createElement("template");
    holder.innerHTML = html;
    const fresh = holder.content.firstElementChild;
    if (!fresh) {
      (this.element.closest(".pg-other-notes") ?? this.element).remove();
      form.querySelector(".pg-side-foot button").focus();
      return;
    }
    typed.forEach((area) => {
      const place = fresh.querySelector(`[name="${area.name}"]`);
      if (place) place.value = area.value;
    });
    this.element.replaceWith(fresh);
    fresh.querySelector("summary").focus();
  }

  refuse(text) {
    this.errorTarget.textContent = text;
    this.errorTarget.hidden = false;
  }
}

window.wagtail.app.register("pg-desk-notes", DeskNotesController);
