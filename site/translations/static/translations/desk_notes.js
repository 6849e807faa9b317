// Sends a note beside a text and shows the notes there anew; what is being typed stays.
class DeskNotesController extends window.StimulusModule.Controller {
  static targets = ["error"];
  static values = { url: String, key: String, offline: String };

  async send(event) {
    event.preventDefault();
    const button = event.currentTarget;
    button.disabled = true;
    const found = await this.answer(this.collect(button));
    button.disabled = false;
    if (found.html) this.show(found, `${button.name}-${button.value}`);
    else this.refuse(found.refused ?? this.offlineValue);
  }

  // The button pressed, the words of this place and nothing else of the form.
  collect(button) {
    const form = new FormData(button.form);
    const data = new FormData();
    data.set("csrfmiddlewaretoken", form.get("csrfmiddlewaretoken"));
    data.set("at", this.keyValue);
    data.set(button.name, button.value);
    for (const name of [`key-${button.value}`, `${button.name}-${button.value}`]) {
      if (form.has(name)) data.set(name, form.get(name));
    }
    return data;
  }

  async answer(body) {
    try {
      const headers = { Accept: "application/json" };
      const answer = await fetch(this.urlValue, { method: "POST", body, headers });
      return await answer.json();
    } catch {
      return {};
    }
  }

  show({ html, said }, sent) {
    const status = this.element.closest("form").querySelector("[data-pg-desk-target=status]");
    const typed = [...this.element.querySelectorAll("[data-pg-note]")].filter((area) => area.name !== sent);
    const holder = document.createElement("template");
    holder.innerHTML = html;
    const fresh = holder.content.firstElementChild;
    typed.forEach((area) => {
      const place = fresh.querySelector(`[name="${area.name}"]`);
      if (place) place.value = area.value;
    });
    this.element.replaceWith(fresh);
    fresh.querySelector("summary").focus();
    status.textContent = said;
  }

  refuse(text) {
    this.errorTarget.textContent = text;
    this.errorTarget.hidden = false;
  }
}

window.wagtail.app.register("pg-desk-notes", DeskNotesController);
