/* The city's map. A figure with data-map="ID" draws the JSON in <script id="ID" type="application/json">:
   { geometry: address of a GeoJSON, name: what it is registered as,
     areas: [{ name, text, band: "1" | "2" | "3" | "low" | "none", href, drawn }],
     points: [{ name, at: [east, north], colour: a light's colour or "none", word, text, office, size: 0 … 1, href }] }.
   Arrow keys walk over areas and then points, the gravest first, Enter opens what is shown; the table beside the map says the same without it.
   Needs charts.js, which draws it anew when the look changes. */
(() => {
  const { token, small, common, draw, read, painters } = window.bihuan.charts;
  const BANDS = { 1: "--map-1", 2: "--map-2", 3: "--map-3", low: "--map-low", none: "--surface-3" };
  const SYMBOLS = {
    red: "path://M4 .8h4L11.2 4v4L8 11.2H4L.8 8V4Z", yellow: "path://M6 1l5.4 9.8H.6Z", green: "circle",
    blue: "path://M1.2 6.2l1.6-1.6 2 2 4.6-5 1.6 1.5-6.2 6.7Z", grey: "circle", none: "diamond",
  };
  const LEAST = 0.5;
  const GROWTH = 1.1; // a point is from LEAST to LEAST + GROWTH letters large

  const words = (one) => [one.name, one.office, one.word, one.text].filter(Boolean).join(" · ");
  const GRAVITY = { none: 0, blue: 1, green: 2, grey: 3, yellow: 4, red: 5 };
  const symbols = (points) => [...points].sort((one, other) => GRAVITY[one.colour] - GRAVITY[other.colour]).map((point) => ({
    ...point, value: point.at, symbol: SYMBOLS[point.colour], symbolSize: small() * (LEAST + GROWTH * point.size),
    itemStyle: point.colour === "grey" ? { color: "transparent", borderColor: token("--grey"), borderWidth: 1.6 } : {
      color: token(point.colour === "none" ? "--ink-3" : `--${point.colour}`), opacity: GRAVITY[point.colour] > 3 ? 1 : 0.75,
      borderColor: token("--surface"), borderWidth: 0.6,
    },
  }));

  /* Where an area's label stands: the centre of mass of its largest ring. */
  const centre = ({ type, coordinates }) => {
    const rings = (type === "Polygon" ? [coordinates] : coordinates).map((polygon) => polygon[0]);
    const moments = rings.map((ring) => ring.slice(1).reduce(([area, east, north], [x, y], at) => {
      const cross = ring[at][0] * y - x * ring[at][1];
      return [area + cross, east + (ring[at][0] + x) * cross, north + (ring[at][1] + y) * cross];
    }, [0, 0, 0]));
    const [area, east, north] = moments.reduce((best, one) => (Math.abs(one[0]) > Math.abs(best[0]) ? one : best));
    return [east / (3 * area), north / (3 * area)];
  };
  const centres = new Map();

  const labels = (areas) => areas.filter((area) => area.drawn).map((area) => ({ name: area.name, text: area.text, value: centres.get(area.name) }));

  const option = (data) => ({
    ...common(),
    tooltip: { ...common().tooltip, trigger: "item", formatter: ({ data: one, name }) => {
      const found = one?.href ? one : data.areas.find((area) => area.name === name);
      return found ? echarts.format.encodeHTML(words(found)) : "";
    } },
    geo: {
      map: data.name, aspectScale: 0.81, layoutCenter: ["47%", "50%"], layoutSize: "98%", select: { disabled: true }, label: { show: false },
      tooltip: { show: true }, itemStyle: { areaColor: token("--surface-3"), borderColor: token("--map-line"), borderWidth: 1.2 },
      emphasis: { label: { show: false }, itemStyle: { areaColor: token("--brand-soft") } },
      regions: data.areas.filter((area) => area.drawn).map((area) => ({ name: area.name, itemStyle: { areaColor: token(BANDS[area.band]) } })),
    },
    series: [
      { type: "scatter", coordinateSystem: "geo", z: 3, data: symbols(data.points), emphasis: { scale: 1.5 } },
      {
        type: "scatter", coordinateSystem: "geo", z: 4, silent: true, symbolSize: 1, data: labels(data.areas), itemStyle: { color: "transparent" },
        label: {
          show: true, color: token("--ink"), fontSize: small(), padding: [3, 6], borderRadius: 2, backgroundColor: token("--map-label"),
          formatter: ({ data: area }) => `${area.name} ${area.text}`,
        },
      },
    ],
  });

  const open = (one) => { if (one?.href) location.assign(one.href); };

  const steps = (data) => [
    ...data.areas.filter((area) => area.drawn).map((area) => ({ to: { geoIndex: 0, name: area.name }, one: area })),
    ...symbols(data.points).map((point, at) => ({ to: { seriesIndex: 0, dataIndex: at }, one: point })).reverse(),
  ];

  const keys = (box, data) => {
    const all = steps(data);
    const said = box.parentElement.querySelector("[data-map-said]");
    let at = -1;
    const show = (chart, to) => {
      if (at >= 0) chart.dispatchAction({ type: "downplay", ...all[at].to });
      at = (to + all.length) % all.length;
      chart.dispatchAction({ type: "highlight", ...all[at].to });
      chart.dispatchAction({ type: "showTip", ...all[at].to });
      said.textContent = words(all[at].one);
    };
    box.onkeydown = (event) => {
      const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      const chart = echarts.getInstanceByDom(box);
      if (by && all.length) { event.preventDefault(); show(chart, at < 0 ? (by > 0 ? 0 : -1) : at + by); }
      if (event.key === "Enter" && at >= 0) { event.preventDefault(); open(all[at].one); }
    };
  };

  const paint = async (box) => {
    const data = read(box.dataset.map);
    if (!echarts.getMap(data.name)) {
      const found = await (await fetch(data.geometry)).json();
      for (const { properties, geometry } of found.features) centres.set(properties.name, centre(geometry));
      echarts.registerMap(data.name, found);
    }
    if (!box.isConnected) return; // swapped away while the boundaries were on their way
    draw(box, option(data)).on("click", ({ data: one, name }) => open(one?.href ? one : data.areas.find((area) => area.name === name)));
    keys(box, data);
  };
  painters.set("map", paint);
})();
