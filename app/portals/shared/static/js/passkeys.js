/* Forms that a passkey answers: asks the site what to ask of the device, and sends what the device says with the form. */
const able = window.PublicKeyCredential?.parseRequestOptionsFromJSON && window.PublicKeyCredential?.parseCreationOptionsFromJSON;

/* What the site does not do, in its own words. */
class Refusal extends Error {}

const answer = async (form) => {
  const asked = await fetch(form.dataset.passkey, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } });
  if (asked.status === 409) throw new Refusal(await asked.text());
  if (!asked.ok) throw new Error(asked.status === 429 ? "often" : "refused");
  const options = await asked.json();
  return form.dataset.makes === "yes"
    ? navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
    : navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
};

const tell = (form, fault) => {
  const said = { InvalidStateError: "known", SecurityError: "elsewhere", often: "often" }[fault.name === "Error" ? fault.message : fault.name];
  const place = form.querySelector("[data-passkey-fault]");
  place.textContent = fault instanceof Refusal ? fault.message : (form.dataset[said] ?? form.dataset.failed);
  place.hidden = false;
};

if (able) {
  for (const place of document.querySelectorAll("[data-with-passkey]")) place.hidden = false;
  for (const place of document.querySelectorAll("[data-without-passkey]")) place.hidden = true;
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      event.stopPropagation();
      if (form.getAttribute("aria-busy") === "true" || !form.reportValidity()) return;
      form.setAttribute("aria-busy", "true");
      form.querySelector("[data-passkey-fault]").hidden = true;
      try {
        const credential = await answer(form);
        form.elements.credential.value = JSON.stringify(credential.toJSON());
        form.submit();
      } catch (fault) {
        tell(form, fault);
      } finally {
        form.removeAttribute("aria-busy");
      }
    });
  }
}
