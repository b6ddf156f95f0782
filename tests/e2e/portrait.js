/** Instead of the fake camera's green disc: a drawn person in a drawn office. `LOOK` is put in by the tests. */

const LOOK = /* look */ {};
const [WIDTH, HEIGHT, FRAMES_PER_SECOND] = [640, 360, 5];
let room = null;

navigator.mediaDevices.getUserMedia = ((ask) => async (wanted) => {
  const stream = await ask(wanted);
  for (const track of stream.getVideoTracks()) {
    track.stop();
    stream.removeTrack(track);
    stream.addTrack(film(drawPerson, WIDTH, HEIGHT));
  }
  return stream;
})(navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices));

navigator.mediaDevices.getDisplayMedia = async () => new MediaStream([film(drawSlide, 1280, 720)]);

function film(draw, width, height) {
  const canvas = new OffscreenCanvas(width, height);
  const shown = Object.assign(document.createElement("canvas"), { width, height });
  const [pen, out] = [canvas.getContext("2d"), shown.getContext("2d")];
  const paint = () => {
    draw(pen, width, height, performance.now() / 1000);
    out.drawImage(canvas, 0, 0);
  };
  paint();
  setInterval(paint, 1000 / FRAMES_PER_SECOND);
  return shown.captureStream(FRAMES_PER_SECOND).getVideoTracks()[0];
}

function shape(pen, colour, path) {
  pen.fillStyle = colour;
  pen.fill(new Path2D(path));
}

function oval(pen, colour, x, y, across, down) {
  pen.fillStyle = colour;
  pen.beginPath();
  pen.ellipse(x, y, across, down, 0, 0, 7);
  pen.fill();
}

function roomOf(width, height) {
  const canvas = new OffscreenCanvas(width, height);
  drawRoom(canvas.getContext("2d"), width, height);
  return canvas;
}

function drawRoom(pen, width, height) {
  const wall = pen.createLinearGradient(0, 0, width, height);
  wall.addColorStop(0, LOOK.wall[0]);
  wall.addColorStop(1, LOOK.wall[1]);
  pen.fillStyle = wall;
  pen.fillRect(0, 0, width, height);
  pen.filter = "blur(5px)";
  if (LOOK.window) {
    pen.fillStyle = "#dcebf5";
    pen.fillRect(430, 30, 170, 180);
    pen.fillStyle = "#b9d3c0";
    pen.fillRect(430, 150, 170, 60);
    pen.fillStyle = "#f7f5f0";
    pen.fillRect(508, 30, 10, 180);
  } else {
    pen.fillStyle = "#00000022";
    for (const y of [90, 170, 250]) pen.fillRect(420, y, 200, 8);
    ["#b5533c", "#3b6a8a", "#d8b25a", "#5b7f5a", "#7a5a8a", "#c9c2b5"].forEach((colour, index) => {
      pen.fillStyle = colour;
      pen.fillRect(432 + index * 26, 40 + (index % 3) * 6, 18, 50 - (index % 3) * 6);
      pen.fillRect(440 + index * 24, 122 + (index % 2) * 8, 16, 48 - (index % 2) * 8);
    });
  }
  for (const [x, y, turn] of [[70, 190, -0.5], [95, 175, 0], [120, 190, 0.5], [60, 220, -0.9], [130, 222, 0.9]]) {
    pen.save();
    pen.translate(x, y);
    pen.rotate(turn);
    oval(pen, "#4d7a52", 0, 0, 13, 52);
    pen.restore();
  }
  pen.fillStyle = "#c98b5e";
  pen.fillRect(70, 240, 52, 60);
  pen.filter = "none";
}

function drawPerson(pen, width, height, time) {
  room ??= roomOf(width, height);
  pen.drawImage(room, 0, 0);
  const sway = Math.sin(time * 0.9 + LOOK.phase) * 4;
  pen.save();
  pen.translate(320 + sway, 200 + Math.sin(time * 1.7 + LOOK.phase) * 1.5);
  if (LOOK.hair.long) shape(pen, LOOK.hair.colour, "M-66 -62 C-86 60 -74 120 -52 132 L52 132 C74 120 86 60 66 -62 Z");
  shape(pen, LOOK.coat, "M-150 170 C-146 104 -104 92 -46 80 L46 80 C104 92 146 104 150 170 Z");
  shape(pen, LOOK.shirt, "M-34 78 L0 128 L34 78 L24 66 L-24 66 Z");
  shape(pen, LOOK.shade, "M-24 30 L-24 74 C-14 92 14 92 24 74 L24 30 Z");
  oval(pen, LOOK.skin, -57, -22, 10, 15);
  oval(pen, LOOK.skin, 57, -22, 10, 15);
  shape(pen, LOOK.skin, "M-57 -40 C-60 20 -34 58 0 60 C34 58 60 20 57 -40 C54 -92 -54 -92 -57 -40 Z");
  drawFace(pen, time);
  shape(pen, LOOK.hair.colour, LOOK.hair.top);
  if (LOOK.beard) shape(pen, LOOK.hair.colour, "M-56 0 C-52 44 -30 66 0 66 C30 66 52 44 56 0 C46 22 30 22 18 20 C8 16 -8 16 -18 20 C-30 22 -46 22 -56 0 Z");
  if (LOOK.beard) oval(pen, "#a8574c", 0, 33, 13, 3 + talk(time) * 4);
  pen.restore();
}

const talk = (time) => (LOOK.talks ? Math.abs(Math.sin(time * 7)) : 0.15);

function drawFace(pen, time) {
  const isBlinking = (time + LOOK.phase) % 4 < 0.15;
  for (const side of [-1, 1]) {
    oval(pen, "#ffffff", side * 22, -18, 9, isBlinking ? 1 : 6);
    oval(pen, "#2b211c", side * 22, -18, 4, isBlinking ? 1 : 4.5);
    pen.fillStyle = LOOK.hair.colour;
    pen.fillRect(side * 22 - 12, -36, 24, 4);
    if (LOOK.glasses) {
      pen.strokeStyle = "#20242e";
      pen.lineWidth = 3;
      pen.strokeRect(side * 22 - 16, -30, 32, 24);
    }
  }
  shape(pen, LOOK.shade, "M-4 -14 L-9 12 C-6 18 6 18 9 12 L4 -14 Z");
  oval(pen, "#b4574f", 0, 34, 16, 3 + talk(time) * 6);
}

function drawSlide(pen, width, height) {
  pen.fillStyle = "#ffffff";
  pen.fillRect(0, 0, width, height);
  pen.fillStyle = "#2a4d9b";
  pen.fillRect(0, 0, 18, height);
  pen.fillStyle = "#172033";
  pen.font = "bold 58px Arial, sans-serif";
  pen.fillText(LOOK.slide[0], 90, 130);
  pen.font = "34px Arial, sans-serif";
  LOOK.slide.slice(1).forEach((line, index) => pen.fillText(`•  ${line}`, 100, 230 + index * 62));
  [210, 150, 260, 190, 320].forEach((tall, index) => {
    pen.fillStyle = index === 4 ? "#2fb67c" : "#a9c1ff";
    pen.fillRect(760 + index * 86, 620 - tall, 56, tall);
  });
}
