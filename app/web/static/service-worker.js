// Shows what is sent to this browser while no page is open, and opens the page that it is about. It keeps nothing.
self.addEventListener("push", (event) => {
  const { title, body, path, tag } = event.data.json();
  event.waitUntil(self.registration.showNotification(title, { body, tag, renotify: true, data: { path }, icon: "/static/icons/favicon.svg" }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const to = new URL(event.notification.data.path, self.location.origin);
  if (to.origin !== self.location.origin) return;
  event.waitUntil((async () => {
    const open = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
    const there = open.find((each) => each.url === to.href);
    return there ? there.focus() : self.clients.openWindow(to.href);
  })());
});
