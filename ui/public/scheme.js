// Light or dark before anything is drawn, so that the page never flashes. A file of its own because the
// page's security policy allows no script inside the document.
(function () {
  var wish = null;
  try {
    wish = localStorage.getItem("csoc-scheme");
  } catch {
    // Storage may be closed to us: follow the system.
  }
  var dark = wish === "dark" || (wish !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.setAttribute("data-mantine-color-scheme", dark ? "dark" : "light");
})();
