// Colours that differ by day and by night stand in the figures as `var(--ink)`.
const resolved = (node, style) => {
  if (typeof node === "string") {
    const name = /^var\((--[\w-]+)\)$/.exec(node);
    return name ? style.getPropertyValue(name[1]).trim() : node;
  }
  if (Array.isArray(node)) return node.map((item) => resolved(item, style));
  if (node === null || typeof node !== "object") return node;
  return Object.fromEntries(Object.entries(node).map(([key, item]) => [key, resolved(item, style)]));
};

const drawPlots = () => {
  const style = getComputedStyle(document.documentElement);
  const config = { responsive: true, displayModeBar: false };
  for (const figure of JSON.parse(document.getElementById("figures").textContent)) {
    Plotly.react(figure.name, resolved(figure.data, style), resolved(figure.layout, style), config);
  }
};

drawPlots();
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawPlots);
