/** Runs before the page is drawn, as a classic script: what a guest chose in this browser holds without a flash. */

(() => {
  const { dataset } = document.documentElement;
  if ("account" in dataset) return;
  try {
    const kept = JSON.parse(localStorage.getItem("visio.preferences") ?? "{}");
    for (const [name, key] of Object.entries({ text_size: "textSize", contrast: "contrast", motion: "motion", font: "font" })) {
      if (typeof kept[name] === "string") dataset[key] = kept[name];
    }
  } catch {
    return;
  }
})();
