"use strict";
// Keeps what a reviewer enters as a draft in this browser, and saves it as one JSON or CSV file.
(() => {
  const form = document.getElementById("review");
  const cards = [...form.querySelectorAll(".mark")];
  const marks = [...form.querySelectorAll("[data-id]")]; // the cards, and the writing in them
  const byId = new Map(marks.map((mark) => [mark.dataset.id, mark]));
  const key = `assetmap-review-${form.dataset.study}`;
  const complaint = document.getElementById("complaint");
  const reviewer = document.getElementById("reviewer");
  const COLUMNS = ["reviewer", "id", "decision", "into", "text", "theme", "sentiment", "consent"];

  const own = (mark, selector) => [...mark.querySelectorAll(selector)].filter((found) => found.closest("[data-id]") === mark);
  const field = (mark, name) => own(mark, `[data-field=${name}]`)[0];
  const choices = (mark) => own(mark, ".decide [type=radio]");
  const decisionOf = (mark) => choices(mark).find((choice) => choice.checked)?.value ?? "";
  const decide = (mark, decision) => choices(mark).forEach((choice) => { choice.checked = choice.value === decision; });
  const wordsOf = (mark) => [...mark.querySelectorAll(".words")];

  // Writing is about what its mark is about, and its consent is the mark's.
  const entered = (mark) => {
    const about = byId.get(mark.dataset.host) ?? mark;
    const said = { id: mark.dataset.id, decision: decisionOf(mark) };
    if (said.decision === "merge") said.into = field(mark, "into").value.trim();
    said.text = field(mark, "text").value.trim();
    for (const name of ["theme", "sentiment", "consent"]) said[name] = field(about, name).value.trim();
    return said;
  };

  const review = () => ({
    format: "assetmap-review",
    study: form.dataset.study,
    reviewer: reviewer.value.trim(),
    marks: marks.map(entered),
  });

  // A spreadsheet must not run a cell; `kiosk apply` takes the apostrophe off again.
  const cell = (value) => `"${(/^[=+\-@\t\r\n]/.test(value) ? `'${value}` : value).replaceAll('"', '""')}"`;

  const asCsv = (said) => {
    const rows = said.marks.map((mark) => COLUMNS.map((name) => cell(name === "reviewer" ? said.reviewer : mark[name] ?? "")));
    return `\ufeff${[COLUMNS, ...rows].map((row) => row.join(",")).join("\r\n")}\r\n`;
  };

  const keep = () => {
    const draft = { reviewer: reviewer.value, marks: marks.map((mark) => ({ ...entered(mark), state: mark.dataset.state })) };
    try { localStorage.setItem(key, JSON.stringify(draft)); } catch { /* a browser that keeps nothing */ }
  };

  const restore = () => {
    let draft = null;
    try { draft = JSON.parse(localStorage.getItem(key)); } catch { return; } // a browser that keeps nothing
    if (!draft) return;
    reviewer.value = draft.reviewer;
    for (const said of draft.marks) {
      const mark = byId.get(said.id);
      if (!mark || mark.dataset.state !== said.state) continue;
      for (const input of own(mark, "[data-field]")) input.value = said[input.dataset.field] ?? "";
      decide(mark, said.decision);
    }
  };

  const show = () => {
    const wanted = document.getElementById("filter").value;
    for (const mark of marks) mark.classList.toggle("decided", decisionOf(mark) !== "");
    for (const card of cards) {
      const done = [card, ...wordsOf(card)].every((mark) => decisionOf(mark));
      const written = card.querySelector(".words") || card.querySelector("img[alt^='The writing']");
      card.hidden = (wanted === "writing" && !written) || (wanted === "open" && done && !card.contains(document.activeElement));
    }
    const decided = marks.filter((mark) => decisionOf(mark)).length;
    document.getElementById("progress").textContent = `${decided} of ${marks.length} decided`;
  };

  const changed = () => { keep(); show(); };

  const wrong = () => {
    if (!reviewer.value.trim()) return ["Enter your name or initials first.", reviewer];
    for (const mark of marks) {
      const decision = decisionOf(mark);
      const into = field(mark, "into");
      if (decision === "merge" && (!byId.has(into.value.trim()) || into.value.trim() === mark.dataset.id)) {
        return [`Choose the mark that ${mark.dataset.id} is merged into: its id, such as ${marks[0].dataset.id}.`, into];
      }
      if (!decision && field(mark, "text").value.trim() !== field(mark, "text").defaultValue.trim()) {
        return [`Words are entered for ${mark.dataset.id}, but not whether it is a mark: accept it or reject it.`, choices(mark)[0]];
      }
    }
    return null;
  };

  const save = (name, type, text) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type }));
    link.download = name;
    link.click();
    URL.revokeObjectURL(link.href);
  };

  const acceptAndGoOn = (card) => {
    for (const mark of [card, ...wordsOf(card)]) if (!decisionOf(mark)) decide(mark, "accept");
    const next = [...cards.slice(cards.indexOf(card) + 1), ...cards].find((other) => !decisionOf(other));
    if (next) { next.hidden = false; choices(next)[0].focus(); next.scrollIntoView({ block: "center" }); }
    changed();
  };

  form.addEventListener("input", (event) => {
    const mark = event.target.closest("[data-id]");
    const name = event.target.dataset.field;
    if (mark && name === "into" && event.target.value) decide(mark, "merge");
    if (mark?.dataset.host && name === "text" && event.target.value && !decisionOf(mark)) decide(mark, "accept");
    changed();
  });
  form.addEventListener("change", changed);
  form.addEventListener("keydown", (event) => {
    const card = event.target.closest(".mark");
    if (!card || event.key !== "Enter") return;
    if (event.target.tagName !== "TEXTAREA" || event.ctrlKey || event.metaKey) event.preventDefault();
    if (event.ctrlKey || event.metaKey) acceptAndGoOn(card);
  });
  form.noValidate = true; // the complaint says it, also to a screen reader
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const problem = wrong();
    complaint.textContent = problem?.[0] ?? "";
    if (problem) { problem[1].closest(".mark")?.removeAttribute("hidden"); problem[1].focus(); return; }
    if (event.submitter?.value === "csv") save("reviews.csv", "text/csv", asCsv(review()));
    else save("reviews.json", "application/json", JSON.stringify(review(), null, 1));
  });
  document.getElementById("clear").addEventListener("click", () => {
    if (!confirm("Clear all that was entered on this page and kept in this browser?")) return;
    try { localStorage.removeItem(key); } catch { /* a browser that keeps nothing */ }
    form.reset();
    show();
  });
  restore();
  show();
})();
