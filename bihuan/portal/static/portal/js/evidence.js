/* Files chosen in a form: taken with the camera or picked, several, shown with a small picture and their size, and taken back.
   They gather in the picker of their field; the form sends that one. Pictures are drawn here from the file itself, on a canvas. */
(() => {
  const SIDE = 112;
  const chosen = new WeakMap(); // box → its files
  const size = (bytes) => (bytes < 1048576 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1048576).toFixed(1)} MB`);
  const same = (one, other) => one.name === other.name && one.size === other.size && one.lastModified === other.lastModified;

  const draw = async (canvas, file) => {
    try {
      const picture = await createImageBitmap(file);
      const scale = Math.max(SIDE / picture.width, SIDE / picture.height);
      const width = picture.width * scale, height = picture.height * scale;
      canvas.getContext("2d").drawImage(picture, (SIDE - width) / 2, (SIDE - height) / 2, width, height);
      picture.close();
    } catch {
      canvas.classList.add("files-plain"); // no picture, or one this browser cannot show
    }
  };
  const item = (box, file) => {
    const line = document.createElement("li");
    line.className = "files-one";
    line.dataset.chosen = "";
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = SIDE;
    canvas.className = "files-picture";
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", file.name);
    draw(canvas, file);
    const name = document.createElement("span");
    name.className = "clip";
    name.textContent = file.name;
    const weight = document.createElement("span");
    weight.className = "quiet small";
    weight.textContent = size(file.size);
    const remove = document.createElement("button");
    remove.type = "button";
    remove.className = "button button-s";
    remove.textContent = box.dataset.wordsRemove;
    remove.setAttribute("aria-label", `${box.dataset.wordsRemove} ${file.name}`);
    remove.addEventListener("click", () => {
      put(box, chosen.get(box).filter((one) => one !== file));
      box.querySelector("[data-picker]").focus();
    });
    line.append(canvas, name, weight, remove);
    return line;
  };
  const put = (box, files) => {
    chosen.set(box, files);
    const list = new DataTransfer();
    for (const file of files) list.items.add(file);
    box.querySelector("[data-picker]").files = list.files;
    for (const old of box.querySelectorAll("[data-chosen]")) old.remove();
    box.querySelector("[data-list]").append(...files.map((file) => item(box, file)));
    const total = files.reduce((sum, file) => sum + file.size, 0);
    box.querySelector("[data-total]").textContent = files.length > 1 ? `${files.length} · ${size(total)}` : "";
  };

  document.addEventListener("change", (event) => {
    const box = event.target.closest("[data-files]");
    if (!box || event.target.type !== "file") return;
    const several = box.querySelector("[data-picker]").multiple;
    const before = several ? chosen.get(box) ?? [] : [];
    const added = [...event.target.files].filter((file) => !before.some((one) => same(one, file)));
    const fitting = added.filter((file) => file.size <= Number(box.dataset.largest));
    const room = several ? Number(box.dataset.most) - before.length : 1;
    if (event.target.matches("[data-camera]")) event.target.value = "";
    put(box, [...before, ...fitting.slice(0, room)]);
    const said = [fitting.length < added.length && box.dataset.wordsLarge, fitting.length > room && box.dataset.wordsMany].filter(Boolean);
    if (said.length) box.querySelector("[data-total]").textContent = said.join(" ");
  });
})();
