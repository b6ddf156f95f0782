/** A page that has a meeting in it: start, mute, leave, and a list of what happened (docs/embedding.md). */

import { VisioMeeting } from "https://visio.example.org/static/js/embed/visio.js";

const EVENTS = ["ready", "joined", "participants", "muted", "left", "ended", "trouble"];
const at = (id) => document.getElementById(id);
const off = { microphone: true, camera: true };
let meeting;

at("start").addEventListener("submit", (event) => {
  event.preventDefault();
  start(Object.fromEntries(new FormData(event.target)));
});
for (const device of ["microphone", "camera"]) {
  const set = { microphone: "setMicrophone", camera: "setCamera" }[device];
  at(device).addEventListener("click", () => meeting[set](off[device]));
}
at("leave").addEventListener("click", () => meeting.leave());

function start({ room, name, ticket }) {
  meeting?.remove();
  meeting = new VisioMeeting(at("meeting"), { room: ticket ? "" : room, title: "Meeting" });
  for (const type of EVENTS) meeting.addEventListener(type, ({ detail }) => note(type, detail));
  meeting.addEventListener("ready", () => meeting.join(ticket ? { ticket } : { name }));
  meeting.addEventListener("joined", () => enable(true));
  meeting.addEventListener("muted", ({ detail }) => Object.assign(off, detail));
  for (const type of ["left", "ended"]) meeting.addEventListener(type, () => enable(false));
}

function enable(on) {
  for (const id of ["microphone", "camera", "leave"]) at(id).disabled = !on;
}

function note(type, detail) {
  const item = document.createElement("li");
  item.textContent = `${type} ${JSON.stringify(detail)}`;
  at("events").append(item);
}
