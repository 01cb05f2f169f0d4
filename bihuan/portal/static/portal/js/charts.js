/* Charts. A figure with data-chart="ID" draws the JSON in <script id="ID" type="application/json">:
   { labels: [text], unit: text, series: [{ name, shape: "line" | "dashed" | "bar" | "faint", colour: a light's colour or absent, values: [number | null] }],
     now: index or null (a line at the present), note: { index, series, text } or null, stacked: true or absent }.
   Maps are drawn by map.js, with what `bihuan.charts` offers.
   Colours come from the CSS tokens, so charts are drawn anew when the look changes, and in ink on white for paper. */
(() => {
  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const rem = () => parseFloat(getComputedStyle(document.documentElement).fontSize);
  const small = () => (document.documentElement.hasAttribute("data-board") ? Math.max(11, Math.round(rem() * 0.85)) : 12);
  const drawn = new Map();
  let printing = null; // the look that was chosen, while what is drawn is ink on white

  const common = () => ({
    textStyle: { fontFamily: token("--font"), color: token("--ink-2") },
    animationDuration: printing !== null || matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 300,
    aria: { enabled: true },
    tooltip: {
      trigger: "axis", confine: true, padding: [6, 10], borderWidth: 1,
      backgroundColor: token("--surface"), borderColor: token("--line-strong"), textStyle: { color: token("--ink"), fontSize: small() },
    },
  });
  const axis = (more) => ({
    axisLine: { lineStyle: { color: token("--line-strong") } }, axisTick: { show: false },
    axisLabel: { color: token("--chart-axis"), fontSize: small() }, splitLine: { lineStyle: { color: token("--chart-grid") } }, ...more,
  });

  const SHAPES = {
    bar: (colour) => ({ type: "bar", barMaxWidth: 18, itemStyle: { color: colour, borderRadius: [2, 2, 0, 0] } }),
    faint: (colour) => ({ type: "bar", barMaxWidth: 14, itemStyle: { color: colour, opacity: 0.26 } }),
    line: (colour) => ({ type: "line", symbol: "circle", symbolSize: 6, lineStyle: { color: colour, width: 2.5 }, itemStyle: { color: colour } }),
    dashed: (colour) => ({ type: "line", symbol: "none", lineStyle: { color: colour, width: 2, type: [5, 4] }, itemStyle: { color: colour } }),
  };
  const FIXED = { dashed: "--chart-4", faint: "--chart-1" }; // a plan is always quiet, a month always pale; the others take colours in turn
  const tokenOf = (all, at) => all[at].colour ? `--${all[at].colour}` : FIXED[all[at].shape] || `--chart-${(all.slice(0, at).filter((one) => !FIXED[one.shape]).length % 6) + 1}`;

  const marks = (chart, series, first) => ({
    ...(first && chart.now != null && {
      markLine: { symbol: "none", silent: true, label: { show: false }, lineStyle: { color: token("--red"), width: 1, type: "solid", opacity: 0.6 }, data: [{ xAxis: chart.now }] },
    }),
    ...(chart.note && chart.note.series === series.name && {
      markPoint: {
        symbol: "rect", symbolSize: [chart.note.text.length * small() * 0.72 + 16, small() + 10], symbolOffset: ["-66%", "150%"], silent: true,
        itemStyle: { color: token("--yellow-soft"), borderColor: token("--yellow-line"), borderWidth: 1 },
        label: { color: token("--yellow-ink"), fontSize: small(), formatter: chart.note.text },
        data: [{ coord: [chart.note.index, series.values[chart.note.index]] }],
      },
    }),
  });

  /* Shares that end at 100 have an axis that does, too. */
  const shares = (chart) => chart.unit === "%" && !chart.scale && chart.series.every((series) => series.values.every((value) => value === null || (value >= 0 && value <= 100)));

  const lines = (chart) => ({
    ...common(),
    grid: { left: 8, right: 18, top: small() * 2 + 12, bottom: 6, containLabel: true },
    legend: { top: 6, left: 8, itemWidth: 16, itemHeight: 8, textStyle: { color: token("--ink-2"), fontSize: small() } },
    xAxis: axis({ type: "category", data: chart.labels, splitLine: { show: false } }),
    yAxis: axis({ type: "value", axisLine: { show: false }, splitNumber: 4, scale: Boolean(chart.scale), minInterval: chart.whole ? 1 : undefined, max: shares(chart) ? 100 : undefined }),
    series: chart.series.map((series, at) => ({
      name: series.name, data: series.values, stack: chart.stacked ? "all" : undefined,
      ...SHAPES[series.shape](token(tokenOf(chart.series, at))), ...marks(chart, series, at === 0),
    })),
  });

  const draw = (box, option) => {
    drawn.get(box)?.dispose();
    const chart = echarts.init(box, null, { renderer: "svg" });
    chart.setOption(option);
    drawn.set(box, chart);
    return chart;
  };

  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const painters = new Map([["chart", (box) => draw(box, lines(read(box.dataset.chart)))]]);
  const drawAll = (within) => {
    for (const [kind, paint] of painters) for (const box of within.querySelectorAll(`[data-${kind}]`)) paint(box);
  };
  const forget = () => {
    for (const [box, chart] of drawn) if (!box.isConnected) { chart.dispose(); drawn.delete(box); }
  };
  window.bihuan = { charts: { token, small, common, draw, read, painters } };

  document.addEventListener("DOMContentLoaded", () => drawAll(document));
  document.addEventListener("htmx:afterSwap", (event) => { forget(); drawAll(event.target); });
  document.addEventListener("bihuan:look", () => drawAll(document));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => drawAll(document));
  addEventListener("resize", () => { for (const chart of drawn.values()) chart.resize(); });
  addEventListener("beforeprint", () => {
    printing ??= document.documentElement.dataset.theme || "";
    document.documentElement.dataset.theme = "light";
    drawAll(document);
  });
  addEventListener("afterprint", () => {
    if (printing) document.documentElement.dataset.theme = printing;
    else delete document.documentElement.dataset.theme;
    printing = null;
    drawAll(document);
  });
})();
