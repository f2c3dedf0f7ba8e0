// The handset: a visitor types as a mother would, sees what her phone gets, and moves the clock of her world.
// The world itself (conversation, plan, clock) is on the server; this page only shows it.

// ---- Words of the page ------------------------------------------------------------------------------------

// `answers` are the words the replies in message-library/replies/ ask for, in the order of the chips.
// `place` stands for what she may answer when asked where she lives: elsewhere than the program's home zone,
// so that the visitor sees her clock change.
const WORDS = {
  en: {
    locale: "en-US", language: "English",
    lead: "The right health tip in the right week, by text message, for expectant and new mothers. Type as she would, then move her clock forward.",
    rehearsal: "This is a rehearsal: nothing is sent to anybody.",
    carrier: "Rehearsal", clock: "Her clock", again: "Start again", beginAt: "Begin at", signUp: "Sign-up", birth: "birth", year: "1 year",
    nextText: "Next text", day: "+ 1 day", week: "+ 1 week",
    nextAt: "Next text: {when}", nextNone: "No text is planned.", silence: "No text came in that time.",
    stageNone: "No weekly tip yet", starter: "First days",
    pregnancy: "Pregnancy, week {week}", baby: "Baby, week {week}", farewell: "Farewell", correction: "Correction", nudge: "Nudge", reminder: "Reminder",
    dayHeader: "{date}, day {n}", segments: "{n} SMS", her: "She wrote:", ours: "She got:",
    number: "Her number: {number}", languages: "Language", empty: "No texts yet. Text {keyword} to begin.",
    draft: "Type a text", send: "Send", working: "Working", chips: "What she may write next",
    how: "How to try it", first: "Text {keyword} to sign up.",
    second: "Answer as she would: a date, YES, where she lives. You can also ask for HELP, or STOP.",
    third: "Move her clock to the next text, by a day or by a week, and see what arrives.",
    cost: "“2 SMS” means that a text is so long that the phone company counts it as two.",
    forgotten: "This phone was idle too long and has been cleared. Here is a new one.",
    failed: "That did not work. The server says: {error}", unreachable: "The server cannot be reached. Please try again.",
    answers: { yes: "YES", no: "NO", skip: "SKIP", lmp: "LMP", start: "START", help: "HELP", update: "UPDATE", stop: "STOP" },
    born: "born {date}", place: "90012",
  },
  es: {
    locale: "es-US", language: "Español",
    lead: "El consejo de salud de cada semana, por mensaje de texto, para embarazadas y mamás. Escriba como lo haría ella y adelante el reloj.",
    rehearsal: "Esto es un ensayo: no se le manda nada a nadie.",
    carrier: "Ensayo", clock: "El reloj de ella", again: "Empezar de nuevo", beginAt: "Empezar en", signUp: "Inscripción", birth: "parto", year: "1 año",
    nextText: "Próximo mensaje", day: "+ 1 día", week: "+ 1 semana",
    nextAt: "Próximo mensaje: {when}", nextNone: "No hay mensajes previstos.", silence: "En ese tiempo no llegó ningún mensaje.",
    stageNone: "Todavía sin consejo semanal", starter: "Primeros días",
    pregnancy: "Embarazo, semana {week}", baby: "Bebé, semana {week}", farewell: "Despedida", correction: "Corrección", nudge: "Aviso", reminder: "Recordatorio",
    dayHeader: "{date}, día {n}", segments: "{n} SMS", her: "Ella escribió:", ours: "Ella recibió:",
    number: "El número de ella: {number}", languages: "Idioma", empty: "Aún no hay mensajes. Mande {keyword} para empezar.",
    draft: "Escriba un mensaje", send: "Enviar", working: "Un momento", chips: "Lo que ella puede escribir ahora",
    how: "Cómo probarlo", first: "Mande {keyword} para inscribirse.",
    second: "Conteste como lo haría ella: una fecha, SÍ, dónde vive. También puede mandar AYUDA o STOP.",
    third: "Adelante el reloj hasta el próximo mensaje, un día o una semana, y vea qué llega.",
    cost: "«2 SMS» quiere decir que el mensaje es tan largo que la compañía lo cuenta como dos.",
    forgotten: "Este teléfono pasó demasiado tiempo sin uso y se borró. Aquí tiene uno nuevo.",
    failed: "No se pudo hacer. El servidor dice: {error}", unreachable: "No hay conexión con el servidor. Inténtelo otra vez.",
    answers: { yes: "SÍ", no: "NO", skip: "SALTAR", lmp: "FUM", start: "START", help: "AYUDA", update: "ACTUALIZAR", stop: "STOP" },
    born: "nació {date}", place: "90012",
  },
  ru: {
    locale: "ru-RU", language: "Русский",
    lead: "Нужный совет о здоровье в нужную неделю: СМС для беременных и молодых мам. Пишите так, как написала бы она, и переводите её часы вперёд.",
    rehearsal: "Это репетиция: никому ничего не отправляется.",
    carrier: "Репетиция", clock: "Её часы", again: "Начать заново", beginAt: "Начать с", signUp: "Запись", birth: "роды", year: "1 год",
    nextText: "Следующее СМС", day: "+ 1 день", week: "+ 1 неделя",
    nextAt: "Следующее СМС: {when}", nextNone: "СМС пока не запланированы.", silence: "За это время СМС не приходили.",
    stageNone: "Недельных советов ещё нет", starter: "Первые дни",
    pregnancy: "Беременность, неделя {week}", baby: "Малыш, неделя {week}", farewell: "Прощание", correction: "Поправка", nudge: "Напоминание", reminder: "Напоминание",
    dayHeader: "{date}, день {n}", segments: "{n} СМС", her: "Она написала:", ours: "Ей пришло:",
    number: "Её номер: {number}", languages: "Язык", empty: "СМС пока нет. Чтобы начать, отправьте слово {keyword}.",
    draft: "Напишите СМС", send: "Отправить", working: "Подождите", chips: "Что она может написать дальше",
    how: "Как попробовать", first: "Отправьте слово {keyword}, чтобы записаться.",
    second: "Отвечайте, как ответила бы она: дата, ДА, где живёт. Можно написать и ПОМОЩЬ или СТОП.",
    third: "Переведите её часы до следующего СМС, на день или на неделю и посмотрите, что придёт.",
    cost: "«2 СМС» значит, что текст длинный и оператор считает его за два.",
    forgotten: "Этим телефоном долго не пользовались, и он очищен. Вот новый.",
    failed: "Не получилось. Ответ сервера: {error}", unreachable: "Сервер не отвечает. Попробуйте ещё раз.",
    answers: { yes: "ДА", no: "НЕТ", skip: "ПРОПУСТИТЬ", lmp: "ПМ", start: "СТАРТ", help: "ПОМОЩЬ", update: "ОБНОВИТЬ", stop: "СТОП" },
    born: "родился {date}", place: "Новосибирск",
  },
};

// The way from the beginning of a pregnancy to the first birthday, in weeks.
const PREGNANCY_WEEKS = 40;
const WAY_WEEKS = PREGNANCY_WEEKS + 52;
// The dates she may give: she is 19 weeks along today, or her baby was born three days ago.
const DUE_DAYS = 147;
const LAST_PERIOD_DAYS = DUE_DAYS - 280;
const BORN_DAYS = -3;
// Weeks that have tips, and so can be begun at. She signed up some days before, so that her first days are over.
const WEEKS = { pregnancy: [4, 43], baby: [0, 51] };
const SIGNED_UP_DAYS = 8;
// Longer than any step of a world takes: on a bad network the page must not hang for ever.
const PATIENCE_MS = 30000;

// ---- State ------------------------------------------------------------------------------------------------

// A start is a program in a language: { program, phone, language, keyword, name }.
let starts = [];
// A handset is a start with its world: { start, world, now, zone, next, lines }. One is kept for each start,
// so that a look at another language loses no conversation.
const handsets = new Map();
let handset = null;
let busy = false;

const at = (id) => document.getElementById(id);
const words = () => WORDS[handset?.start.language] ?? WORDS.en;
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

// ---- The server -------------------------------------------------------------------------------------------

async function call(path, body) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE_MS);
  const post = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  try {
    const response = await fetch(`/handset/${path}`, { ...(body ? post : {}), signal: stop.signal });
    // A proxy in between may answer with a page of its own.
    const answer = await response.json().catch(() => ({ error: String(response.status) }));
    if (!response.ok) throw Object.assign(new Error(answer.error), { status: response.status });
    return answer;
  } finally {
    clearTimeout(timer);
  }
}

// One thing at a time: whatever is asked for while a call runs is dropped, so nothing is sent twice.
async function work(task) {
  if (busy) return;
  showBusy(true);
  at("notice").textContent = "";
  try {
    await task();
  } catch (error) {
    at("notice").textContent = error.status ? fill(words().failed, { error: error.message }) : words().unreachable;
  }
  showBusy(false);
}

// A call to her world; says whether it took place there. A world the server has forgotten is replaced.
async function play(path, body) {
  try {
    const answer = await call(`worlds/${handset.world}/${path}`, body);
    Object.assign(handset, { now: answer.now, zone: answer.zone, next: answer.next });
    showNew(answer.lines);
    return true;
  } catch (error) {
    if (error.status !== 404) throw error;
    await begin(handset.start);
    at("notice").textContent = words().forgotten;
    return false;
  }
}

// ---- What a visitor does ----------------------------------------------------------------------------------

// At her first text; or in the week of a stage, "pregnancy 20", after having signed up as she would.
async function begin(start, stage = "") {
  const [track, week] = stage.split(" ");
  const days = track === "pregnancy" ? SIGNED_UP_DAYS : Math.min(SIGNED_UP_DAYS, 7 * week) || 0;
  const world = await call("worlds", { program: start.program, days_ago: days });
  handset = { ...world, start, stage };
  handsets.set(start, handset);
  showAll();
  if (!stage) return;
  const { answers, born, place } = words();
  const date = track === "pregnancy" ? writtenOut(days + 280 - 7 * week) : fill(born, { date: writtenOut(days - 7 * week) });
  for (const body of [start.keyword, date, answers.yes, place]) if (!(await play("texts", { body }))) return;
  const steps = [...Array(Math.floor(days / 7)).fill("week"), ...Array(days % 7).fill("day")];
  for (const step of steps) if (!(await play("clock", { forward: step }))) return;
}

async function choose(start) {
  if (!handsets.has(start)) return begin(start);
  handset = handsets.get(start);
  showAll();
}

async function send(body) {
  const taken = await play("texts", { body });
  // What she typed stays if it did not get through.
  if (taken && at("draft").value.trim() === body) at("draft").value = "";
}

async function forward(step) {
  if (step === "text" && !handset.next) return;
  const before = handset.lines.length;
  const taken = await play("clock", { forward: step });
  if (taken && handset.lines.length === before) at("notice").textContent = words().silence;
}

// ---- Dates ------------------------------------------------------------------------------------------------

// Her own wall clock as an instant of UTC: the offset in `iso` is hers and the visitor's zone must not matter.
const wall = (iso) => new Date(`${iso.slice(0, 19)}Z`);
const written = (date, parts) => new Intl.DateTimeFormat(words().locale, { timeZone: "UTC", ...parts }).format(date);
const hour = (iso) => written(wall(iso), { hour: "numeric", minute: "2-digit" });
const shortDay = (iso) => written(wall(iso), { weekday: "short", day: "numeric", month: "short" });
const midnight = (iso) => Date.parse(`${iso.slice(0, 10)}T00:00:00Z`);
const dayNumber = (iso) => Math.round((midnight(iso) - midnight(handset.lines[0].at)) / 86400000) + 1;

// So many days from now, as she would type it.
function typed(days) {
  return written(new Date(midnight(handset.now) + days * 86400000), { day: "numeric", month: "numeric" });
}

// The same with the month's name, which nobody reads otherwise.
function writtenOut(days) {
  return written(new Date(midnight(handset.now) + days * 86400000), { day: "numeric", month: "long", year: "numeric" });
}

// "Los Angeles, PST". The city is that of the zone's id: long zone names mislead (Novosibirsk's is Krasnoyarsk).
function zoneName(iso, zone) {
  const format = new Intl.DateTimeFormat(words().locale, { timeZone: zone, timeZoneName: "short" });
  const name = format.formatToParts(new Date(iso)).find((part) => part.type === "timeZoneName").value;
  return `${zone.split("/").pop().replace(/_/g, " ")}, ${name}`;
}

// ---- Showing ----------------------------------------------------------------------------------------------

function element(name, className, text = "") {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

function button(text, act) {
  const made = element("button", "", text);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}

function showBusy(yes) {
  busy = yes;
  at("working").hidden = !yes;
  at("phone").setAttribute("aria-busy", String(yes));
  // Not `disabled`: that would take the focus from whoever is on the button.
  for (const each of document.querySelectorAll("button")) each.setAttribute("aria-disabled", String(yes));
  if (!yes) document.querySelector("[data-forward=text]").setAttribute("aria-disabled", String(!handset.next));
}

// The whole page in the words of the handset's language.
function showAll() {
  const { start, lines } = handset;
  const { keyword, language } = start;
  document.documentElement.lang = language;
  history.replaceState(null, "", `#${language}`);
  for (const each of document.querySelectorAll("[data-say]")) each.textContent = words()[each.dataset.say];
  for (const each of document.querySelectorAll("[data-label]")) each.setAttribute("aria-label", words()[each.dataset.label]);
  at("first-step").textContent = fill(words().first, { keyword });
  at("empty").textContent = fill(words().empty, { keyword });
  at("phone-title").textContent = start.name;
  at("number").textContent = fill(words().number, { number: start.phone });
  at("draft").placeholder = words().draft;
  [...at("languages").children].forEach((each, i) => each.setAttribute("aria-pressed", String(starts[i] === start)));
  showBeginnings();
  // A fresh log, because a screen reader would read all that is put into the old one.
  at("talk").replaceWith(at("talk").cloneNode(false));
  handset.lines = [];
  showNew(lines);
}

// Where she can begin, in the words of her language.
function showBeginnings() {
  const option = (value, text) => {
    const made = element("option", "", text);
    made.value = value;
    return made;
  };
  const weeks = ([track, [first, last]]) =>
    Array.from({ length: last - first + 1 }, (_, i) => option(`${track} ${first + i}`, fill(words()[track], { week: first + i })));
  at("begin").replaceChildren(option("", words().signUp), ...Object.entries(WEEKS).flatMap(weeks));
  at("begin").value = handset.stage ?? "";
}

// Texts that just came, and what follows from them.
function showNew(lines) {
  for (const line of lines) {
    const last = handset.lines[handset.lines.length - 1];
    handset.lines.push(line);
    if (last?.at.slice(0, 10) !== line.at.slice(0, 10)) {
      const date = shortDay(line.at);
      at("talk").append(element("p", "day", fill(words().dayHeader, { date, n: dayNumber(line.at) })));
    }
    at("talk").append(bubble(line));
  }
  at("empty").hidden = handset.lines.length > 0;
  showClock();
  showChips();
  // The newest: in a reversed box scrolling counts from the end.
  at("scroll").scrollTop = 0;
}

function bubble(line) {
  const item = element("div", `text ${line.direction}`);
  const meta = element("p", "meta");
  meta.append(element("span", "", `${hour(line.at)} · ${fill(words().segments, { n: line.segments })}`));
  const label = words()[line.track ?? line.kind];
  if (label) {
    const tag = element("span", `tag ${line.track ?? line.kind}`, fill(label, line));
    // Where its file is, for those who write tips.
    if (line.tip) tag.title = line.tip;
    meta.append(tag);
  }
  const who = words()[line.direction === "in" ? "her" : "ours"];
  item.append(element("span", "unseen", who), element("p", "body", line.body), meta);
  return item;
}

function showClock() {
  const { now, zone, next, lines } = handset;
  at("hour").textContent = at("bar-hour").textContent = hour(now);
  at("hour").dateTime = now;
  at("date").textContent = written(wall(now), { weekday: "short", day: "numeric", month: "short", year: "numeric" });
  at("zone").textContent = zoneName(now, zone);
  at("next").textContent = next ? fill(words().nextAt, { when: `${shortDay(next)}, ${hour(next)}` }) : words().nextNone;
  const tip = [...lines].reverse().find((line) => line.week != null && words()[line.track]);
  at("stage").textContent = tip ? fill(words()[tip.track], tip) : words().stageNone;
  const weeks = tip ? (tip.track === "baby" ? PREGNANCY_WEEKS + tip.week : Math.min(tip.week, PREGNANCY_WEEKS)) : 0;
  at("walked").style.width = `${(100 * weeks) / WAY_WEEKS}%`;
}

function showChips() {
  const focused = at("chips").contains(document.activeElement);
  at("chips").textContent = "";
  for (const body of suggestions()) at("chips").append(button(body, () => work(() => send(body))));
  if (focused) at("chips").firstChild.focus({ preventScroll: true });
}

// What she may write next. The newest text says it itself: replies name the words they wait for in capitals,
// number their choices, and write out a date (with its year) where they want one.
function suggestions() {
  const { answers, born, place } = words();
  const { keyword } = handset.start;
  const heard = [...handset.lines].reverse().find((line) => line.direction === "out");
  if (!heard) return [keyword];
  const said = [...handset.lines].reverse().find((line) => line.direction === "in")?.body.toUpperCase();
  const named = new Set(heard.body.split(/[^\p{L}\p{N}]+/u));
  const offered = [keyword, ...Object.values(answers)].filter((word) => named.has(word));
  const choices = [...heard.body.matchAll(/^(\d) = /gm)].map((match) => match[1]);
  // A date with YES is one read back to her, and after her YES it is one settled.
  const settled = named.has(answers.yes) || (said === answers.yes && !named.has(answers.lmp));
  const asksDate = /\b20\d\d\b/.test(heard.body) && !settled && !choices.length && heard.kind !== "tip";
  const dates = !asksDate ? []
    : said === answers.lmp ? [typed(LAST_PERIOD_DAYS)]
    : [typed(DUE_DAYS), fill(born, { date: typed(BORN_DAYS) })];
  const places = named.has(answers.skip) ? [place] : [];
  const waits = [...dates, ...places, ...choices, ...offered];
  const always = [answers.help, answers.update, answers.stop];
  return waits.every((word) => always.includes(word)) ? always : waits;
}

// ---- Beginning --------------------------------------------------------------------------------------------

// The language in the address, so that a link can name it; else the visitor's own; else the first.
function wished() {
  const languages = [location.hash.slice(1), ...navigator.languages.map((tag) => tag.slice(0, 2))];
  const language = languages.find((each) => starts.some((start) => start.language === each));
  return starts.find((start) => start.language === language) ?? starts[0];
}

async function open() {
  const programs = await call("programs");
  const order = (start) => Object.keys(WORDS).indexOf(start.language);
  starts = programs
    .flatMap(({ id, phone, starts }) => starts.map((start) => ({ ...start, program: id, phone })))
    .sort((one, other) => order(one) - order(other));
  for (const start of starts) {
    const choice = button(WORDS[start.language]?.language ?? start.language, () => work(() => choose(start)));
    choice.lang = start.language;
    at("languages").append(choice);
  }
  await begin(wished());
  showBusy(false);
}

at("write").addEventListener("submit", (event) => {
  event.preventDefault();
  const body = at("draft").value.trim();
  if (body) work(() => send(body));
});
at("again").addEventListener("click", () => work(() => begin(handset.start)));
at("begin").addEventListener("change", () => work(() => begin(handset.start, at("begin").value)));
for (const each of document.querySelectorAll("[data-forward]")) {
  each.addEventListener("click", () => work(() => forward(each.dataset.forward)));
}
open().then(() => { at("page").hidden = false; }, () => { at("trouble").hidden = false; });
