"use strict";
// Improves pages that already work without it: where the focus goes, what is read out, the check
// of a ballot while it is filled in, and charts for those who ask for them.
(() => {
  const byId = (id) => document.getElementById(id);

  // An emptied region is read again even when the same words return.
  function announce(text) {
    const region = byId("status");
    if (!region || !text) return;
    region.textContent = "";
    setTimeout(() => { region.textContent = text; }, 60);
  }

  function moveFocus(element) {
    if (!element.matches("a[href], button, input, select, textarea, [tabindex]")) {
      element.tabIndex = -1;
    }
    element.focus();
  }

  const find = (nodes, selector) => {
    for (const node of nodes) {
      if (node.nodeType !== Node.ELEMENT_NODE) continue;
      const found = node.matches(selector) ? node : node.querySelector(selector);
      if (found) return found;
    }
    return null;
  };

  let added = null;

  // Focus moves only where the swap took it away, or where the answer asks for it.
  document.addEventListener("htmx:after:settle", ({ detail }) => {
    const nodes = detail.newContent;
    const spoken = find(nodes, "[data-announce]");
    if (spoken) announce(spoken.dataset.announce);
    const active = document.activeElement;
    const lost = !active || active === document.body;
    if (used) added = find(nodes, "[tabindex='-1']") || added;
    const goal = find(nodes, "[data-focus]") || (lost && find(nodes, "[tabindex='-1']"));
    if (goal) moveFocus(goal);
    checkBallots();
    tellLocalTimes();
  });

  // "Show more" goes once it was used, unless the answer replaced it by the next one; the first
  // thing it brought takes the focus.
  let used = null;
  document.addEventListener("htmx:before:swap", ({ detail }) => {
    used = detail.ctx.sourceElement.closest?.("[data-focus-new]")?.closest(".more") || null;
  });
  document.addEventListener("htmx:after:swap", () => {
    if (!used) return;
    if (added) moveFocus(added);
    used.remove();
    used = null;
  });

  document.addEventListener("htmx:error", ({ detail }) => {
    if (detail.ctx?.response) return;
    const box = byId("messages");
    const notice = document.createElement("p");
    notice.className = "notice bad";
    notice.textContent = box.dataset.offline;
    box.replaceChildren(notice);
    notice.scrollIntoView({ block: "nearest" });
  });

  // The form stays as it was typed: ranks are counted and doubles named, never changed.
  function checkBallots() {
    for (const list of document.querySelectorAll("[data-ballot]")) {
      const marks = [...list.querySelectorAll("select, input")].map((control) => control.value);
      const given = marks.filter(Boolean);
      const { budget, left, over, counted, doubled } = list.dataset;
      const text = [];
      if (budget) {
        const rest = given.reduce((sum, mark) => sum - Number(mark), Number(budget));
        text.push((rest < 0 ? over : left).replace("{left}", Math.abs(rest)).replace("{budget}", budget));
      } else {
        const twice = given.find((rank, index) => given.indexOf(rank) !== index);
        text.push(counted.replace("{count}", given.length).replace("{size}", marks.length));
        if (twice && doubled) text.push(doubled.replace("{rank}", twice));
      }
      const state = list.parentElement.querySelector(".ballot-state");
      if (state.textContent !== text.join(" ")) state.textContent = text.join(" ");
    }
  }
  document.addEventListener("change", (event) => {
    if (event.target.closest("[data-ballot]")) checkBallots();
  });

  // Beside a moment to come in UTC, what one's own clock will show; the day too where it differs.
  function tellLocalTimes() {
    for (const time of document.querySelectorAll("time[data-ahead]")) {
      time.removeAttribute("data-ahead");
      const moment = new Date(time.dateTime);
      if (!moment.getTimezoneOffset()) continue;
      const shape = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
      if (moment.getDate() !== moment.getUTCDate()) Object.assign(shape, { day: "numeric", month: "short" });
      const own = moment.toLocaleString(`${document.documentElement.lang}-u-nu-latn`, shape);
      time.append(` (${byId("messages").dataset.here.replace("{time}", own)})`);
    }
  }

  let plotly = null;
  function loadPlotly(address) {
    plotly ||= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = address;
      script.onload = resolve;
      script.onerror = () => { plotly = null; reject(new Error(address)); };
      document.head.append(script);
    });
    return plotly;
  }

  function themed(layout) {
    const style = getComputedStyle(document.documentElement);
    const colour = (name) => style.getPropertyValue(name).trim();
    const axis = { gridcolor: colour("--line"), linecolor: colour("--field"), zerolinecolor: colour("--line") };
    const own = {
      paper_bgcolor: "transparent", plot_bgcolor: "transparent", autosize: true,
      font: { family: colour("--font"), size: 14, color: colour("--ink") },
      margin: { t: 24, r: 16, b: 48, l: 56 },
    };
    const merged = { ...own, ...layout };
    for (const name of ["xaxis", "yaxis"]) merged[name] = { automargin: true, ...axis, ...layout[name] };
    return merged;
  }

  async function drawChart(button) {
    button.disabled = true;
    try {
      const [answer] = await Promise.all([fetch(button.dataset.chartSrc), loadPlotly(button.dataset.plotly)]);
      if (!answer.ok) throw new Error(answer.statusText);
      const figure = await answer.json();
      const box = document.createElement("div");
      box.className = "chart";
      box.dir = "ltr";
      button.parentElement.after(box);
      await Plotly.newPlot(box, figure.data, themed(figure.layout || {}), { responsive: true, displaylogo: false });
      announce(button.dataset.done);
      button.parentElement.remove();
    } catch {
      button.disabled = false;
      announce(button.dataset.failed);
      const words = document.createElement("span");
      words.className = "small quiet";
      words.textContent = ` ${button.dataset.failed}`;
      if (!button.nextElementSibling) button.after(words);
    }
  }
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-chart-src]");
    if (button) drawChart(button);
  });

  // Beside a value or a doubt, the lines of the page that it is about.
  function light(event) {
    const owner = event.target.closest?.("[data-lines]");
    if (!owner) return;
    for (const line of document.querySelectorAll(".lit")) line.classList.remove("lit");
    const lines = owner.dataset.lines.split(" ").map((number) => byId(`line-${number}`)).filter(Boolean);
    for (const line of lines) line.classList.add("lit");
    const frame = lines[0]?.closest(".beside");
    if (frame && frame.scrollHeight > frame.clientHeight) {
      frame.scrollTop += lines[0].getBoundingClientRect().top - frame.getBoundingClientRect().top - frame.clientHeight / 3;
    }
  }
  document.addEventListener("focusin", light);
  document.addEventListener("pointerover", light);

  // A page that came with an error says so first.
  document.querySelector(".error-summary")?.focus();
  checkBallots();
  tellLocalTimes();
})();
