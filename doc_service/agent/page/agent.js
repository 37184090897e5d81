// Speaks with the signing agent (`doc-service agent serve`) on the person's own computer.
//
//   const agent = await SigningAgent.find();            // null: none is running, or it was not started for this site
//   if (!agent.paired) { await agent.showCode(); await agent.pair(codeTypedByThePerson); }
//   const [certificate] = await agent.certificates();    // the agent asks for the PIN
//   await signDocuments(agent, certificate, documents, service);
//
// `documents`: [{request, name, sha256}] as shown to the person. `service`, over the service's own interface, all async:
// prepare(request, certificate, chain) = POST …/preparation, complete(request, signature, prepared) = POST …/signature,
// place(request) = GET …/queue. Their errors carry the service's code as `code`.
// The address is written as 127.0.0.1 and not as a name: browsers let a secure page reach it. Chromium asks the person
// once for access to apps on this device (see `permission`); Safari lets no secure page reach plain HTTP.

const PORTS = Array.from({ length: 10 }, (_, index) => 28561 + index);
const BUSY = "lease.busy";
const PREPARE_AGAIN = new Set([BUSY, "lease.lost", "state.stale", "signing.stale_base", "signature.superseded"]);
const KEY = "doc-service-agent";

export class AgentError extends Error {
  constructor(status, code, messages) {
    super(code);
    this.name = "AgentError";
    this.status = status;
    this.code = code;
    this.messages = messages;
  }
}

export class SigningAgent {
  constructor(port, { token = "", store = globalThis.sessionStorage } = {}) {
    this.port = port;
    this.paired = false;
    this.store = store;
    this.token = token;
  }

  // The agent that answers this page, or null.
  static async find({ ports = PORTS, store = globalThis.sessionStorage } = {}) {
    const [knownPort, token] = (store?.getItem(KEY) ?? "").split(" ");
    const known = Number(knownPort);
    const order = ports.includes(known) ? [known, ...ports.filter((port) => port !== known)] : ports;
    for (const port of order) {
      const agent = new SigningAgent(port, { token: port === known ? token : "", store });
      try {
        const status = await agent.status();
        if (status.agent === "doc-service" && status.version === 1) return agent;
      } catch {
        continue;
      }
    }
    return null;
  }

  async status() {
    const status = await this.#ask("GET", "/v1/status");
    this.paired = status.paired === true;
    return status;
  }

  // The agent shows a code; gives the number of seconds for which it holds.
  async showCode() {
    return (await this.#ask("POST", "/v1/pair", {})).expires_in;
  }

  async pair(code) {
    this.token = (await this.#ask("POST", "/v1/pair", { code: String(code) })).token;
    this.paired = true;
    this.store?.setItem(KEY, `${this.port} ${this.token}`);
  }

  async certificates() {
    return (await this.#ask("GET", "/v1/certificates")).certificates;
  }

  // Signs the service's log-in challenge (Base64) after the person agreed: {signature, algorithm}.
  async logIn(certificate, text) {
    return this.#ask("POST", "/v1/log-in", { certificate: certificate.id, text });
  }

  // Asks the person, once for all documents; gives the id of the agreement.
  async approve(certificate, documents) {
    const shown = documents.map(({ request, name, sha256 }) => ({ request, name, sha256 }));
    const answer = await this.#ask("POST", "/v1/approvals", { certificate: certificate.id, documents: shown });
    return answer.approval;
  }

  // The raw signature (Base64; ECDSA in DER) of a document that was agreed to.
  async sign(approval, certificate, document, prepared) {
    const answer = await this.#ask("POST", "/v1/sign", {
      approval,
      certificate: certificate.id,
      request: document.request,
      sha256: document.sha256,
      to_be_signed: prepared.to_be_signed,
      algorithm: prepared.algorithm,
    });
    return answer.signature;
  }

  async #ask(method, path, body) {
    const headers = this.token ? { Authorization: `Bearer ${this.token}` } : {};
    if (body !== undefined) headers["Content-Type"] = "application/json";
    const answer = await fetch(`http://127.0.0.1:${this.port}${path}`, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: "omit",
      cache: "no-store",
      redirect: "error",
      referrerPolicy: "no-referrer",
    });
    const value = await answer.json();
    if (answer.ok) return value;
    if (answer.status === 401) this.paired = false;
    throw new AgentError(answer.status, value.code, value.messages);
  }
}

// Agreement first, then each document: prepared, signed, completed, without a human. A document that another person
// signed in between is prepared and signed again. Gives [{request, result}] or [{request, error}], in order.
export async function signDocuments(agent, certificate, documents, service, { patience = 300, pause = 2 } = {}) {
  const approval = await agent.approve(certificate, documents);
  const outcomes = [];
  for (const document of documents) {
    const ends = Date.now() + patience * 1000;
    try {
      const result = await signOne(agent, approval, certificate, document, service, ends, pause);
      outcomes.push({ request: document.request, result });
    } catch (error) {
      outcomes.push({ request: document.request, error });
    }
  }
  return outcomes;
}

// The same by a signing operation of the service (way "agent"): answers its prompt "sign". `tasks`: of the prompt,
// [{reference (the request), data, algorithm}]. Gives {reference: signature} for POST …/answer as `signatures`.
export async function answerPrompt(agent, approval, certificate, documents, tasks) {
  const signatures = {};
  for (const { reference, data, algorithm } of tasks) {
    const document = documents.find(({ request }) => request === reference);
    if (!document) throw new Error(`nobody agreed to ${reference}`);
    signatures[reference] = await agent.sign(approval, certificate, document, { to_be_signed: data, algorithm });
  }
  return signatures;
}

// Whether the browser lets this page reach programs on this computer: "granted", "prompt" (it will ask), "denied", or
// "unknown" where browsers have no such permission (Local Network Access).
export async function permission() {
  try {
    return (await navigator.permissions.query({ name: "loopback-network" })).state;
  } catch {
    return "unknown";
  }
}

async function signOne(agent, approval, certificate, document, service, ends, pause) {
  for (;;) {
    try {
      const prepared = await service.prepare(document.request, certificate.certificate, certificate.chain);
      const signature = await agent.sign(approval, certificate, document, prepared);
      return await service.complete(document.request, signature, prepared);
    } catch (error) {
      if (!PREPARE_AGAIN.has(error.code) || Date.now() >= ends) throw error;
      if (error.code === BUSY) await turn(document, service, ends, pause);
    }
  }
}

// Waits in the document's queue; without a place, preparing gives one. Asking keeps the place.
async function turn(document, service, ends, pause) {
  while (Date.now() < ends) {
    await new Promise((resolve) => setTimeout(resolve, pause * 1000));
    const place = await service.place(document.request);
    if (place.your_turn || !place.position) return;
  }
}
