"use strict";
// Keeps what a reviewer enters as a draft in this browser, and saves it as one JSON file.
(() => {
  const form = document.getElementById("review");
  const marks = [...form.querySelectorAll(".mark")];
  const key = `assetmap-review-${form.dataset.draft}`;
  const complaint = document.getElementById("complaint");

  const decisionOf = (mark) => mark.querySelector(".decide input:checked")?.value ?? "";

  const entered = (mark) => {
    const said = { id: mark.dataset.id, decision: decisionOf(mark) };
    for (const field of mark.querySelectorAll("[data-field]")) said[field.dataset.field] = field.value.trim();
    if (said.decision !== "merge") delete said.into;
    return said;
  };

  const all = () => ({
    format: "assetmap-review",
    study: form.dataset.study,
    reviewer: document.getElementById("reviewer").value.trim(),
    marks: marks.map(entered),
  });

  const restore = () => {
    let draft = null;
    try { draft = JSON.parse(localStorage.getItem(key)); } catch { return; }  // a browser that keeps nothing
    if (!draft) return;
    document.getElementById("reviewer").value = draft.reviewer;
    const said = new Map(draft.marks.map((mark) => [mark.id, mark]));
    for (const mark of marks) {
      const old = said.get(mark.dataset.id);
      if (!old) continue;
      for (const field of mark.querySelectorAll("[data-field]")) field.value = old[field.dataset.field] ?? "";
      for (const choice of mark.querySelectorAll(".decide input")) choice.checked = choice.value === old.decision;
    }
  };

  const show = () => {
    const wanted = document.getElementById("filter").value;
    let decided = 0;
    for (const mark of marks) {
      const done = decisionOf(mark) !== "";
      decided += done;
      mark.classList.toggle("decided", done);
      mark.hidden = (wanted === "writing" && mark.dataset.kind !== "writing") || (wanted === "open" && done && !mark.contains(document.activeElement));
    }
    document.getElementById("progress").textContent = `${decided} of ${marks.length} decided`;
  };

  const changed = () => {
    try { localStorage.setItem(key, JSON.stringify(all())); } catch { /* a browser that keeps nothing */ }
    show();
  };

  const wrong = () => {
    if (!document.getElementById("reviewer").value.trim()) return "Enter your name or initials first.";
    const lost = marks.find((mark) => decisionOf(mark) === "merge" && !mark.querySelector("[data-field=into]").value);
    return lost ? `Choose the mark that ${lost.dataset.id} is merged into.` : "";
  };

  form.addEventListener("input", changed);
  form.addEventListener("change", (event) => {
    if (event.target.dataset.field === "into" && event.target.value) {
      event.target.closest(".decide").querySelector("[value=merge]").checked = true;
    }
    changed();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    complaint.textContent = wrong();
    if (complaint.textContent) return;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([JSON.stringify(all(), null, 1)], { type: "application/json" }));
    link.download = "reviews.json";
    link.click();
    URL.revokeObjectURL(link.href);
  });
  restore();
  show();
})();
