"use strict";
(() => {
  // Swagger UI reads every document as YAML, which takes longer than all else together.
  const readAsJson = () => ({
    statePlugins: {
      spec: {
        wrapActions: {
          parseToJson: (plain, system) => (text) => {
            system.specActions.updateJsonSpec(JSON.parse(text));
            return {};
          },
        },
      },
    },
  });

  // What every operation may be refused by is one line each, with the page that explains it.
  const tellRefusalsShortly = (system) => ({
    wrapComponents: {
      response: (Plain) => (props) => {
        const { code, response } = props;
        if (Number(code) < 400) return system.React.createElement(Plain, props);
        const words = String(response.get("description") || "").split(/`(\/problems\/[a-z0-9-]+)`/);
        const parts = words.map((part, place) =>
          place % 2 ? system.React.createElement("a", { key: place, href: part }, part) : part,
        );
        const cell = (name, children) => system.React.createElement("td", { className: name }, children);
        return system.React.createElement(
          "tr",
          { className: "response refusal", "data-code": code },
          cell("response-col_status", code),
          cell("response-col_description", parts),
          cell("response-col_links", ""),
        );
      },
    },
  });

  // Only beside a development issuer, which gives anybody a token: elsewhere there is no such form.
  const offerTokens = async (ui, form) => {
    const issuer = form.dataset.issuer;
    const known = await (await fetch(`${issuer}/.well-known/openid-configuration`)).json();
    const list = form.querySelector("select");
    for (const caller of known.demo_callers) {
      list.add(new Option(`${caller.name}: ${caller.may}`, caller.name));
    }
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const body = new URLSearchParams({ grant_type: "urn:splot:grant-type:demo-caller", caller: list.value });
      const answer = await (await fetch(`${issuer}/token`, { method: "POST", body })).json();
      if (answer.access_token) ui.preauthorizeApiKey("bearer", answer.access_token);
      form.querySelector("output").value = answer.access_token ? list.value : answer.error_description;
    });
  };

  // Swagger UI walks through a whole document before it shows anything: it gets one tag of it.
  const partOf = (whole, tag) => {
    const components = {};
    const take = (node) => {
      if (Array.isArray(node)) return node.forEach(take);
      if (node === null || typeof node !== "object") return undefined;
      for (const [name, inner] of Object.entries(node)) {
        const found = name === "$ref" && /^#\/components\/(\w+)\/([\w-]+)$/.exec(inner);
        if (!found) take(inner);
        else if (!components[found[1]]?.[found[2]]) {
          const component = whole.components[found[1]][found[2]];
          (components[found[1]] ||= {})[found[2]] = component;
          take(component);
        }
      }
      return undefined;
    };
    const paths = {};
    for (const [address, item] of Object.entries(whole.paths)) {
      const own = Object.entries(item).filter(([, operation]) => operation.tags.includes(tag));
      if (own.length) paths[address] = Object.fromEntries(own);
    }
    take(paths);
    components.securitySchemes = whole.components.securitySchemes;
    const { openapi, info, servers, security } = whole;
    const tags = whole.tags.filter((each) => each.name === tag);
    return { openapi, info, servers, security, tags, paths, components };
  };

  // A service that has just started has no document yet.
  const documentAt = async (address) => {
    const whole = await (await fetch(address)).json();
    if (!whole["x-unavailable"]?.length) return whole;
    await new Promise((go) => setTimeout(go, 2000));
    return documentAt(address);
  };

  const listTags = (whole, place) => {
    const about = Object.fromEntries(whole.tags.map((tag) => [tag.name, tag.description]));
    const names = whole["x-tagGroups"].flatMap((group) => group.tags);
    for (const name of names) {
      const item = place.appendChild(document.createElement("li"));
      const link = item.appendChild(document.createElement("a"));
      link.href = `#/${name}`;
      link.textContent = name.split(".")[1];
      item.append(" ", about[name]);
    }
    return names;
  };

  // After the next picture: whoever waits for the operations sees meanwhile what there is.
  const painted = () => new Promise((go) => requestAnimationFrame(() => setTimeout(go)));

  const show = async () => {
    const place = document.getElementById("operations");
    const whole = await documentAt(place.dataset.document);
    const names = listTags(whole, document.getElementById("tags"));
    await Promise.all([painted(), scripts]);
    const wanted = () => names.find((name) => name === location.hash.split("/")[1]) || names[0];
    let shown = wanted();
    const form = document.getElementById("development");
    const ui = window.SwaggerUIBundle({
      spec: partOf(whole, shown),
      dom_id: "#operations",
      deepLinking: true,
      defaultModelsExpandDepth: -1,
      displayOperationId: true,
      displayRequestDuration: true,
      docExpansion: "list",
      persistAuthorization: false,
      plugins: [readAsJson, tellRefusalsShortly, ...(form ? [window.splotIds.plugin(whole)] : [])],
      queryConfigEnabled: false,
      showCommonExtensions: true,
      validatorUrl: null,
    });
    window.addEventListener("hashchange", () => {
      if (wanted() === shown) return;
      shown = wanted();
      ui.specActions.updateSpec(JSON.stringify(partOf(whole, shown)));
      place.scrollIntoView();
    });
    if (form) await offerTokens(ui, form);
  };
  const scripts = new Promise((go) => window.addEventListener("DOMContentLoaded", go));
  show();
})();
