// Sets the remembered theme before the first paint. A file of its own, so that a strict content policy allows it.
(function () {
  try {
    var theme = localStorage.getItem("overcut.theme");
    if (theme === "dark" || theme === "light") document.documentElement.dataset.theme = theme;
  } catch (error) {
    // Storage may be forbidden; the system's preference then decides.
    void error;
  }
})();
