/* The upload page: a file may be dropped on the box, and its name is shown. Without scripts the file field does it all. */
(() => {
  for (const box of document.querySelectorAll(".drop")) {
    const input = box.querySelector("input[type=file]");
    const name = box.querySelector("[data-file-name]");
    const show = () => { name.textContent = [...input.files].map((file) => file.name).join(" · "); };
    const over = (on) => box.classList.toggle("drop-over", on);
    input.addEventListener("change", show);
    box.addEventListener("dragover", (event) => { event.preventDefault(); over(true); });
    box.addEventListener("dragleave", () => over(false));
    box.addEventListener("drop", (event) => {
      event.preventDefault();
      over(false);
      input.files = event.dataTransfer.files;
      show();
    });
  }
})();
