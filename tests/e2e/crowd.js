/** Made-up people on the real stage of a room's page, with nobody behind them. Evaluated with `[count, framesPerSecond]`. */
async ([count, framesPerSecond]) => {
  const { Stage } = await import("/static/js/ui/stage.js");
  const FIRST = ["Agnès", "Bruno", "Chloé", "David", "Élodie", "Farid", "Gaëlle", "Hugo", "Inès", "Julien", "Karima", "Léo"];
  const LAST = ["Moreau", "Nguyen", "Petit", "Robert", "Simon", "Traoré", "Vidal", "Weber", "Fontaine", "Garnier"];
  const OFFICES = ["Ministère de l’Exemple", "Ville d’Exemple", "Département du Modèle", "Agence de l’Échantillon"];

  class Film {
    shown = 0;

    constructor(number, draw, width, height) {
      const canvas = Object.assign(document.createElement("canvas"), { width, height });
      const pen = canvas.getContext("2d");
      draw(pen, number, 0);
      this.stream = canvas.captureStream(framesPerSecond);
      let time = 0;
      setInterval(() => draw(pen, number, (time += 1)), 1000 / framesPerSecond);
    }

    attach(video) {
      video.srcObject = this.stream;
      this.shown += 1;
    }

    detach(video) {
      video.srcObject = null;
      this.shown -= 1;
    }
  }

  function drawFace(pen, number, time) {
    const { width, height } = pen.canvas;
    const hue = (number * 47) % 360;
    pen.fillStyle = `hsl(${hue} 22% ${60 + (number % 3) * 8}%)`;
    pen.fillRect(0, 0, width, height);
    pen.translate(width / 2 + Math.sin(time / 6 + number) * 3, height * 0.46);
    const part = (colour, x, y, across, down) => {
      pen.fillStyle = colour;
      pen.beginPath();
      pen.ellipse(x, y, across, down, 0, 0, 7);
      pen.fill();
    };
    part(`hsl(${(hue + 150) % 360} 30% 30%)`, 0, height * 0.55, height * 0.42, height * 0.3);
    part(["#3a2a20", "#1d1715", "#8b5a32", "#b9b4ad"][number % 4], 0, -height * 0.06, height * 0.2, height * 0.24);
    part(["#f0c7a4", "#8d5a3b", "#e6b48c", "#6b432e"][number % 4], 0, 0, height * 0.17, height * 0.22);
    pen.resetTransform();
  }

  function drawSlide(pen, number) {
    const { width, height } = pen.canvas;
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, width, height);
    pen.fillStyle = "#2a4d9b";
    pen.fillRect(0, 0, 18, height);
    pen.fillStyle = "#172033";
    pen.font = "bold 64px sans-serif";
    pen.fillText(`Document ${number}`, 90, 140);
  }

  function personOf(number) {
    const isLocal = number === count - 1;
    const name = `${FIRST[number % FIRST.length]} ${LAST[(number * 7) % LAST.length]}`;
    const isGuest = number % 9 === 4;
    return {
      key: `person-${number}`,
      name,
      isLocal,
      isGuest,
      card: isGuest ? { kind: "guest" } : { kind: "agent", organization: OFFICES[number % 4], provider: "ProConnect", assurance: "eidas2" },
      isSpeaking: false,
      quality: "good",
      microphoneOn: number % 4 !== 3,
      camera: number % 7 === 6 ? null : new Film(number, drawFace, 320, 180),
      share: null,
      isCameraPaused: false,
      isSharePaused: false,
      hand: 0,
      reaction: "",
      spoken: "",
      spokeAt: number,
    };
  }

  const call = document.querySelector("[data-call]");
  for (const child of call.parentElement.children) child.hidden = child !== call;
  document.body.classList.add("in-call");
  const crowd = {
    stage: new Stage(document.querySelector("[data-stage]")),
    people: Array.from({ length: count }, (_, number) => personOf(number)),
    spotlight: "",
    change(number, fields) {
      this.people[number] = { ...this.people[number], ...fields };
      this.stage.render(this.people, this.spotlight);
    },
    share: (number) => crowd.change(number, { share: new Film(number, drawSlide, 1280, 720) }),
    shown: () => crowd.people.filter(({ camera }) => camera?.shown > 0).map(({ key }) => key),
  };
  window.crowd = crowd;
  crowd.stage.render(crowd.people, "");
};
