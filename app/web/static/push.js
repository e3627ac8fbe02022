// Switches messages to this browser on: asks it, and sends what its push manager says with an ordinary form.
const form = document.querySelector("#push-on");
const [said, button] = [form?.querySelector("[data-said]"), form?.querySelector("button")];

function refuse(words) {
  said.textContent = words;
  button.hidden = true;
}
function bytes(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

async function subscribe() {
  const permission = await Notification.requestPermission();
  if (permission !== "granted") return refuse("This browser blocks messages from Hearthline: allow them in its settings for this site.");
  await navigator.serviceWorker.register("/service-worker.js");
  const { pushManager } = await navigator.serviceWorker.ready;
  const key = bytes(form.dataset.key);
  const before = await pushManager.getSubscription();
  // one for another key of this installation would be in the way
  if (before && new Uint8Array(before.options.applicationServerKey).join() !== key.join()) await before.unsubscribe();
  const there = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  const { endpoint, keys } = there.toJSON();
  Object.assign(form.elements.endpoint, { value: endpoint });
  Object.assign(form.elements.p256dh, { value: keys.p256dh });
  Object.assign(form.elements.auth, { value: keys.auth });
  form.submit();
}

if (form) {
  const able = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
  const onApple = /iPhone|iPad/.test(navigator.userAgent) && !matchMedia("(display-mode: standalone)").matches;
  if (!able && onApple) refuse("On an iPhone or iPad: share, Add to Home Screen, and open Hearthline from there first.");
  else if (!able) refuse("This browser can’t show messages while no page is open.");
  else if (Notification.permission === "denied") refuse("This browser blocks messages from Hearthline: allow them in its settings for this site.");
  else button.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    try {
      await subscribe();
    } catch (fault) {
      said.textContent = `The browser’s push service does not answer (${fault.name}): try again later.`;
    } finally {
      button.disabled = false;
    }
  });
}
